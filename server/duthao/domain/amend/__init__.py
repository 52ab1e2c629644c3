"""Amending documents: drafting one from two texts, reading one, applying one to a base text.

Drafting (`drafting` and what it stands on) and reading (`applying` and what it stands on) are
separate code that shares only the domain's basics; `proving` alone knows both.
"""
