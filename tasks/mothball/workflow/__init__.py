"""The use cases: look, decide, do, look again. The only place where deciding meets doing."""
