"""Checks of a draft: what a careful clerk would mark in the margin. `check(document)`."""

from duthao.domain.checks.engine import check
from duthao.domain.checks.finding import Finding, Repair, Severity

__all__ = ["Finding", "Repair", "Severity", "check"]
