"""The git attributes that matter when a file changes its place (gitattributes(5))."""

from typing import Final

CONTENT_ATTRIBUTES: Final = ("text", "eol", "crlf", "filter", "ident", "working-tree-encoding")
"""By these git changes a file's bytes between work tree and repository."""
OTHER_ATTRIBUTES: Final = (
    "diff",
    "export-ignore",
    "export-subst",
    "linguist-documentation",
    "linguist-generated",
    "linguist-vendored",
    "merge",
)
"""These change what is done with a file, never its bytes."""


def is_attributes_file(path: str) -> bool:
    """Say whether a path is one that git reads attributes from."""
    return path.rpartition("/")[2] == ".gitattributes"
