"""Comparing two texts of a regulation: `compare(before, after)`; see `engine`."""

from duthao.domain.compare.cache import ComparisonCache
from duthao.domain.compare.engine import ComparisonFault, compare
from duthao.domain.compare.groups import Overrides

__all__ = ["ComparisonCache", "ComparisonFault", "Overrides", "compare"]
