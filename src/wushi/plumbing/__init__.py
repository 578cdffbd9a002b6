"""What Django lacks for a house of counties: keys, field types, search tokens, pages. No tables of its own."""
