"""Synthesis of opinions (tổng hợp ý kiến, tiếp thu, giải trình): norms A4, B8.

`likeness` says which opinions ask for the same, `ordering` where each stands, `grouping` what becomes of
groups, `chain` which words an answer led to, `table` what is printed. All of it is values; a person decides.
"""
