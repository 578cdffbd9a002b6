"""Bringing in spreadsheets: a file, its columns, a look at its rows, and one press that counts."""
