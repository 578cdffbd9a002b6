"""Limits of photos."""

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
MAX_PIXELS = 60_000_000
MAX_PER_OWNER = 20
# Kept no larger than this on the long side: enough to read a meter, small enough for a village's line.
LONG_SIDE = 2048
QUALITY = 82
# A photo nobody sent a form with is thrown away after this many hours.
ORPHAN_HOURS = 24
