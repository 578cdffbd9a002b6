"""Adapters of the channels: each turns a letter into one provider's request, and its answer into ours. No database here."""
