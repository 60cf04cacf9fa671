"""Python: what a source names, and where Python looks for it."""
