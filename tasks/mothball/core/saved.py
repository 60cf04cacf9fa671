"""A plan as worked out, saved to be done later exactly as it was shown, or not at all."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from mothball.core.errors import Problem, Refused
from mothball.core.plan.model import Plan
from mothball.core.show import count, listing
from mothball.core.survey import Snapshot
from mothball.core.work import Work

SCHEMA: Final = "mothball.plan/1"
MARK: Final = f'"{SCHEMA}"'.encode()
"""What is in the first line or two of every saved plan."""


def save(plan: Plan, seen: Snapshot, work: Work) -> bytes:
    """Return the file: the moves with their blob ids, and digests of all that they were worked out from."""
    return (json.dumps(_document(plan, seen, work), indent=1) + "\n").encode()


def require_same(content: bytes, path: str, plan: Plan, seen: Snapshot, work: Work) -> None:
    """Compare a saved plan with what would be done now.

    Raises:
        Refused: something differs; every difference is named.
    """
    try:
        saved = json.loads(content)
        if saved["schema"] != SCHEMA:
            raise Refused(_problem(path, f"its schema is {saved['schema']!r}, not {SCHEMA!r}"))
        differences = list(_differences(saved, _document(plan, seen, work)))
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise Refused(_problem(path, f"this is not a saved plan ({type(error).__name__})")) from error
    if differences:
        raise Refused(*(_problem(path, found) for found in differences))


def _document(plan: Plan, seen: Snapshot, work: Work) -> dict[str, Any]:
    rows = (f"{entry.mode} {entry.blob}\t{path}\0" for path, entry in sorted(seen.tree.items()))
    index = sha256("".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
    moves = [
        [move.source, move.target, move.entry.mode, move.entry.blob, move.category] for move in work.moves
    ]
    digests = {"head": seen.commit, "index": index, "plan": plan.digest}
    return {"schema": SCHEMA, **digests, "directories": list(work.directories), "moves": moves}


def _differences(saved: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    if saved.get("plan") != now["plan"]:
        yield "the plan was edited since"
    if saved.get("head") != now["head"]:
        yield f"HEAD was {str(saved.get('head'))[:12]} and is {now['head'][:12]}"
    if saved.get("index") != now["index"]:
        yield "what git tracks has changed since"
    then = {tuple(move) for move in saved.get("moves", ())}
    today = {tuple(move) for move in now["moves"]}
    for word, moves in (("no longer planned", then - today), ("planned only now", today - then)):
        if moves:
            names = sorted(str(move[0]) for move in moves)
            yield f"{count(len(moves), 'move')} {word}: {listing(names, 5)}"


def _problem(path: str, found: str) -> Problem:
    return Problem(
        code="saved-stale",
        where=path,
        found=found,
        expected="the repository and plan that it was worked out from",
        remedy="Work it out again: `archive.plan --out FILE`.",
    )
