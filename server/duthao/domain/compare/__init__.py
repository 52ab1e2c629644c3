"""Comparing two texts of a regulation: `compare(before, after)`; see `engine`."""

from duthao.domain.compare.aligner import Overrides
from duthao.domain.compare.engine import ComparisonCache, ComparisonFault, compare

__all__ = ["ComparisonCache", "ComparisonFault", "Overrides", "compare"]
