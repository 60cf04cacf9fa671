"""The FlashCore sample: a small git repository with history, and a plan to tidy it."""

from mothball.sample.repository import build, remove

__all__ = ["build", "remove"]
