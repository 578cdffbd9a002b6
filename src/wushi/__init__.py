"""Wushi: the open platform on which a district answers its residents."""

__version__ = "0.1.0"
