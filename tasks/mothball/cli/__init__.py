"""The door: Invoke collections that turn flags into one use case, print, and give an exit code."""
