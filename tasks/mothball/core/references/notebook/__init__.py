"""Jupyter notebooks: their cells, with the place of every character in the raw JSON."""
