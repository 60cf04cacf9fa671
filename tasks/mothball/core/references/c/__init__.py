"""C and its kin: what is included, and where compilers look for it."""
