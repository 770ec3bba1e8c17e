"""Rewrites and transformations of language models, for testing unmask. The program is scripts/forge."""
