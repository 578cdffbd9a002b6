"""What comes from and goes to other systems: wire formats, one file per kind."""
