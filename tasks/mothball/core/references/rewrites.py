"""What a break should say instead, where that is no guess."""

import re
from posixpath import relpath, splitext
from typing import Final

from mothball.core.references.claims import Severity
from mothball.core.references.findings import Finding, Verdict
from mothball.core.references.world import WILDCARDS, join
from mothball.core.tree import parent

# What is left to people, and why; a kind of the first that fits.
_NEVER: Final = tuple(
    (re.compile(kinds), why)
    for kinds, why in (
        ("^symlink", "it is a symbolic link"),
        ("^path-|^word", "it may be something else than a path"),
        ("^docs-|^html|^packag(?!e-script)|toctree|sphinx-doc|image", "it has a root of its own"),
        (
            "import|require(?!ments)|export|module|python|fixture|entry|name$|mod$",
            "what a program takes is its author's to change",
        ),
        ("convention|variable|^manifest|^style|^css", "only a person can tell what it has to be"),
    )
)
_ALTHOUGH: Final = re.compile(
    "html-(?:link|style)|style-url|sphinx-image|just-import|package-value"
    "|manifest-(?:include|graft|recursive-include)"
)
"""Kinds that name files by plain paths all the same."""
_RELATIVE: Final = re.compile("html-|style-")
"""Pages that are served: what begins with a slash there begins where nobody here knows."""
_PACKED: Final = re.compile("package-value|manifest-")
"""Nothing above the file's own directory is packed."""
_PLAIN: Final = re.compile(r"[\w./@+-]+", re.ASCII)
_TAIL: Final = re.compile(r"[#?].*", re.DOTALL)


def rewritten(finding: Finding) -> str | None:
    """Return what a break should say instead; ``None`` where only a person can tell.

    It is written as it was: from the file's directory or from the root, with its ``./``, slashes, anchor, and
    with a suffix only where it had one.
    """
    if finding.verdict is not Verdict.BREAK or finding.severity is Severity.TRANSITIVE:
        return None
    return None if reason_against(finding) else _written(finding)


def reason_against(finding: Finding) -> str:
    """Say why a finding is not rewritten, as a clause; ``""`` where nothing speaks against it."""
    if finding.new_path is None:
        return "there is no one new place"
    if finding.verdict is Verdict.UNKNOWN:
        return "it may mean something else"
    path = _TAIL.sub("", finding.target)
    return _against_kind(finding.kind) or _against_words(finding, path) or _against_place(finding, path)


def _against_kind(kind: str) -> str:
    if _ALTHOUGH.fullmatch(kind):
        return ""
    return next((why for kinds, why in _NEVER if kinds.search(kind)), "")


def _against_words(finding: Finding, path: str) -> str:
    if "$" in path:
        return "a part of it is a variable"
    if not WILDCARDS.isdisjoint(path):
        return "it is a pattern"
    plain = _PLAIN.fullmatch(path) and _PLAIN.fullmatch(finding.new_path or "")
    return "" if plain else "it has characters that may have to be escaped here"


def _against_place(finding: Finding, path: str) -> str:
    if _RELATIVE.match(finding.kind) and path.startswith("/"):
        return "it has a root of its own"
    found = _written(finding)
    if found is None:
        return "it is written neither from here nor from the root"
    outside = _PACKED.match(finding.kind) and found.startswith("../")
    return "the new place is not packed" if outside else ""


def _written(finding: Finding) -> str | None:
    assert finding.new_path is not None
    tail = _TAIL.search(finding.target)
    path = finding.target[: tail.start()] if tail else finding.target
    here = parent(finding.file)
    meant = {finding.old_path: finding.new_path}
    meant.setdefault(splitext(finding.old_path)[0], splitext(finding.new_path)[0])
    from_here = None if path.startswith("/") else meant.get(join(here, path) or "")
    from_root = meant.get(join("", path) or "")
    if from_here is not None:
        found = relpath(from_here, here or ".")
        found = f"./{found}" if path.startswith("./") and not found.startswith("../") else found
    elif from_root is not None:
        found = ("/" if path.startswith("/") else "") + from_root
    else:
        return None
    slash = "/" if path.endswith("/") else ""
    return found + slash + (tail.group() if tail else "")
