"""Taking a list along as a file."""
