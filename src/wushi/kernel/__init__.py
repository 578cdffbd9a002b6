"""The smallest floor: actors, refusals, moves, announcements, verbs and ids. No tables, no word of the domain."""
