"""Retire experimental code from a git repository without losing a byte or breaking a thing."""
