"""One module for each format: it holds a reader, and is found by being here."""
