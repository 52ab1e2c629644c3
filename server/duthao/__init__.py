"""Dự Thảo: a self-hosted, CRDT-based collaborative drafting service for Party committees."""

__version__ = "0.1.0"
