"""Rewrite the references that can be rewritten without a guess, and prove that each then finds its target."""

from collections.abc import Container, Iterable

from mothball.core.references.change import Change
from mothball.core.references.claims import Severity
from mothball.core.references.compare import judge
from mothball.core.references.findings import Finding, Verdict
from mothball.core.references.reading import read_text
from mothball.core.references.rewrites import rewritten


def fixed(
    content: bytes,
    file: str,
    findings: Iterable[Finding],
    wanted: Iterable[Finding],
    change: Change,
    *,
    ours: Container[int] = (),
) -> bytes:
    """Return the content of a file with its wanted, fixable breaks rewritten; the same without a proof.

    The proof: the new text is read again, and has the breaks of before without the rewritten ones. What
    stands in the lines ``ours`` is none of either.
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
    judged = judge(read_text(edited, file, change.names_for(file)), file, change)
    left = [one for one in judged.findings if one.verdict is Verdict.BREAK and one.line not in ours]
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
