"""Rewrite the references that can be rewritten without a guess, and prove that each then finds its target."""

import re
from collections.abc import Iterable
from posixpath import relpath, splitext
from typing import Final

from mothball.core.references.change import Change
from mothball.core.references.claims import Severity
from mothball.core.references.compare import judge
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


def fixed(
    content: bytes, file: str, findings: Iterable[Finding], wanted: Iterable[Finding], change: Change
) -> bytes:
    """Return the content of a file with its wanted, fixable breaks rewritten; the same without a proof.

    The proof: the new text is read again, and has the breaks of before without the rewritten ones.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    found = [one for one in findings if one.severity is not Severity.TRANSITIVE]
    edits = {
        (one.line, one.column): (one.target, new) for one in wanted if (new := rewritten(one)) is not None
    }
    edited = _edited(text, edits)
    if edited is None or edited == text:
        return content
    left = [one for one in judge(edited, file, change).findings if one.verdict is Verdict.BREAK]
    expected = [one for one in found if one.verdict is Verdict.BREAK and (one.line, one.column) not in edits]
    same = sorted((one.line, one.target) for one in left) == sorted(
        (one.line, one.target) for one in expected
    )
    return edited.encode() if same else content


def _edited(text: str, edits: dict[tuple[int, int], tuple[str, str]]) -> str | None:
    """Put the new words where the old ones are, last first; ``None`` where a place holds another."""
    lines = text.split("\n")
    for (line, column), (old, new) in sorted(edits.items(), reverse=True):
        whole = lines[line - 1] if 0 < line <= len(lines) else ""
        if not whole.startswith(old, column - 1):
            return None
        lines[line - 1] = whole[: column - 1] + new + whole[column - 1 + len(old) :]
    return "\n".join(lines)
