"""Texts typed in encodings older than Unicode: TCVN3 (ABC) and VNI.

`conversion` converts, by the runs' fonts or all of a text; `detection` says by statistics what a text
without fonts was typed in; `mending` repairs what PDF files and old typing leave in Unicode text.
"""
