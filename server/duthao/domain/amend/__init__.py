"""Amending documents: reading their instructions and applying them to a base text."""
