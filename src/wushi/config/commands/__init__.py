"""The commands of ``wushi``, one module for each kind."""
