"""Pages of this room: without signal."""
