"""A repository as a picture, some moves, and what then breaks: no git, only the core."""

from collections.abc import Container, Mapping, Sequence

from mothball.core.references.chains import Chain
from mothball.core.references.change import Change
from mothball.core.references.findings import Comparison, Finding, Verdict
from mothball.core.references.reader import facts_in
from mothball.core.references.scan import Scan
from mothball.core.references.world import World

Files = Mapping[str, str | bytes]
Moves = Mapping[str, str] | Sequence[str]


def compared(
    files: Files,
    moves: Moves,
    *,
    after: Files | None = None,
    links: Sequence[str] = (),
    chains: bool = False,
) -> Comparison:
    """Move files or directories and compare; of a list, each goes below ``archive/``.

    ``after`` are contents that were edited or added together with the moves; ``chains`` says whether to look
    for the files that break because another does.
    """
    change, then = changed(files, moves, after=after)
    scan = Scan(change=change)
    fed(scan, then, links)
    chain = Chain(change, scan.fallen) if chains and scan.fallen else None
    while chain:
        for link in chain.wanted(dict.fromkeys(then, "")):
            text = then[link.path]
            content = text if isinstance(text, bytes) else text.encode()
            chain.feed(link.path, chain.question.answer(link, content))
        scan.findings += chain.found.values()
        chain = chain.next()
    return scan.result()


def changed(
    files: Files, moves: Moves, *, after: Files | None = None
) -> tuple[Change, dict[str, str | bytes]]:
    """Return the change that moves make, and the files after it."""
    wanted = moves if isinstance(moves, Mapping) else {path: f"archive/{path}" for path in moves}
    places = {file: new for file in files for old, new in _spread(wanted, file)}
    then = {places.get(file, file): text for file, text in files.items()} | dict(after or {})
    arrived = {new: old for old, new in places.items()}
    change = Change(
        before=World(files, _texts(files, places)),
        after=World(then, _texts(then, arrived), arrived=arrived),
        moves={old: new for old, new in places.items() if old not in then},
    )
    return change, then


def fed(scan: Scan, files: Files, links: Sequence[str] = ()) -> None:
    """Have every file read for a scan."""
    scan.look_at(len(files))
    for one in scan.wanted(dict.fromkeys(files, ""), links):
        text = files[one.path]
        scan.feed(one.path, scan.question.answer(one, text if isinstance(text, bytes) else text.encode()))


def _spread(moves: Mapping[str, str], file: str) -> list[tuple[str, str]]:
    found = []
    for old, new in moves.items():
        if file == old:
            found.append((old, new))
        elif file.startswith(old.rstrip("/") + "/"):
            found.append((old, new.rstrip("/") + file[len(old.rstrip("/")) :]))
    return found


def _texts(files: Files, moved: Container[str]) -> dict[str, str]:
    return {path: text for path in facts_in(files, moved) if isinstance(text := files[path], str)}


def shown(finding: Finding) -> str:
    """Show a finding as tests write it: ``file:line target -> old path``."""
    return f"{finding.file}:{finding.line} {finding.target} -> {finding.old_path}"


def breaks(files: Files, moves: Moves, after: Files | None = None) -> list[str]:
    """Return the breaks in files that stay."""
    return sorted(shown(one) for one in compared(files, moves, after=after).breaks())


def mentions(files: Files, moves: Moves, after: Files | None = None) -> list[str]:
    """Return the places that only read stale."""
    found = compared(files, moves, after=after).findings
    return sorted(shown(one) for one in found if one.verdict is Verdict.MENTION)


def unknowns(files: Files, moves: Moves, after: Files | None = None) -> list[str]:
    """Return the places that are left to people."""
    found = compared(files, moves, after=after).findings
    return sorted(shown(one) for one in found if one.verdict is Verdict.UNKNOWN)
