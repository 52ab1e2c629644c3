"""Every way a comparison table may be laid out, and its words with no regard to how lines break."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from duthao.domain.compare.table_builder import By, TableOptions
from duthao.domain.table import Columns

BY: tuple[By, ...] = ("article", "clause", "provision")
COLUMNS: tuple[Columns, ...] = (2, 3, 4)

layouts = st.builds(
    TableOptions,
    everything=st.booleans(),
    by=st.sampled_from(BY),
    renumbered=st.booleans(),
    orthography=st.booleans(),
    formats=st.booleans(),
    columns=st.sampled_from(COLUMNS),
)


def squeezed(text: str) -> str:
    """The text without white space and without places to break."""
    return re.sub(r"\s+|\u200b", "", text)
