"""Commands of shells: words, variables, directories, and which words name files."""
