"""The git attributes that matter when a file changes its place (gitattributes(5))."""

from collections.abc import Mapping
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


REWRITING_ATTRIBUTES: Final = ("text", "eol", "crlf", "ident", "working-tree-encoding")


def is_rewriting(values: Mapping[str, str]) -> bool:
    """Say whether git may store a file with these attributes in other bytes than it has, whatever those are.

    With ``text=auto``, and with ``core.autocrlf``, git leaves a file alone that was stored with CR LF.
    """
    text, eol, crlf, ident, encoding = (values.get(name, "unspecified") for name in REWRITING_ATTRIBUTES)
    ends = text == "set" or (text == "unspecified" and (eol in {"lf", "crlf"} or crlf in {"set", "input"}))
    return ends or ident == "set" or encoding not in {"set", "unset", "unspecified"}


def is_attributes_file(path: str) -> bool:
    """Say whether a path is one that git reads attributes from."""
    return path.rpartition("/")[2] == ".gitattributes"
