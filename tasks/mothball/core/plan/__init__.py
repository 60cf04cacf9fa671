"""The plan: its format, its reading with every mistake at once, its rules, its rewriting."""
