"""Do: git, files, the journal and the lock. Everything that touches the world is in here."""
