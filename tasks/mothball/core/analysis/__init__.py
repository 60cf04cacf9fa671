"""The analysis of a repository: measured facts, and the document made of them."""
