"""Akoma Ntoso 3.0 (OASIS LegalDocML): a document written out, and what was written read back the same.

The mapping stands in docs/decisions/0025-exchange-formats.md.
"""

from duthao.formats.akn.names import Publication
from duthao.formats.akn.reading import from_akn
from duthao.formats.akn.writing import to_akn

__all__ = ["Publication", "from_akn", "to_akn"]
