"""Spreadsheets, the real exchange format of a district: read in a child process with limits, written without formulas.

``reading.read`` gives a Table; ``writing`` makes templates, the file back with its reasons, and lists. ``importer`` says what
a room tells about a table it takes. Nothing here knows a room, and what the child loads knows no Django.
"""
