"""The rules of the house as tests; each is also shown to fail on a small sample that breaks it."""
