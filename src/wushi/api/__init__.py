"""The API, version 1: for hotline systems, mini-programs, and anybody's own page."""
