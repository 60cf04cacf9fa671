"""What a break should say instead, where that is no guess."""

import re
from posixpath import relpath, splitext
from typing import Final

from mothball.core.references.claims import Severity
from mothball.core.references.findings import Finding, Verdict
from mothball.core.references.world import join
from mothball.core.tree import parent

# What a program imports by name is its author's to change: a rewritten path may change what runs. And words
# of a text that no reader of its format has understood are taken for paths, not known to be some. Pages
# that are served or built, and what is packaged, have a root of their own; the archive is not below it.
_NEVER: Final = re.compile(
    "import|require(?!ments)|export|module|python|fixture|convention|symlink|entry|name$|mod$|^path-|^word"
    "|^html|^css|^style|toctree|sphinx-doc|^docs-|^manifest|^packag(?!e-script)|variable|image"
)
_PLAIN: Final = re.compile(r"[\w./@+-]+", re.ASCII)
_TAIL: Final = re.compile(r"[#?].*", re.DOTALL)


def rewritten(finding: Finding) -> str | None:
    """Return what a break should say instead; ``None`` where only a person can tell.

    It is written as it was: from the file's directory or from the root, with its ``./``, slashes, anchor, and
    with a suffix only where it had one.
    """
    if finding.verdict is not Verdict.BREAK or finding.severity is Severity.TRANSITIVE:
        return None
    if finding.new_path is None or _NEVER.search(finding.kind):
        return None
    tail = _TAIL.search(finding.target)
    path = finding.target[: tail.start()] if tail else finding.target
    if not _PLAIN.fullmatch(path) or not _PLAIN.fullmatch(finding.new_path):
        return None
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
