"""Cross-references in a text: found, resolved, and followed when numbers change."""

from duthao.domain.references.phrases import Item, Phrase, find, own_names
from duthao.domain.references.resolving import Index

__all__ = ["Index", "Item", "Phrase", "find", "own_names"]
