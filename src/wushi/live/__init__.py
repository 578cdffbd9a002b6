"""The live process: event streams and uploads, both by ticket; it decides nothing."""
