"""Print how many references of each kind are found, missed and made up: ``nox -s accuracy``."""

import sys
from collections.abc import Sequence
from itertools import groupby

from tests.accuracy.pictures import pictures
from tests.accuracy.scores import Score, score

HEAD = ("kind", "cases", "traps", "breaks", "found", "missed", "false", "recall", "precision")


def main() -> int:
    """Print the table and every mistake, of the kinds that are named or of all."""
    wanted = sys.argv[1:]
    scores = [score(one) for one in pictures() if not wanted or one.kind in wanted]
    rows = [_row(kind, list(some)) for kind, some in groupby(scores, lambda one: one.picture.kind)]
    for row in [HEAD, *rows, _row("all", scores)]:
        _print(f"{row[0]:<20}" + "".join(f"{cell:>10}" for cell in row[1:]))
    for one in scores:
        for mistake in one.wrong:
            _print(f"{one.name}: {mistake}")
    return 0


def _row(kind: str, scores: Sequence[Score]) -> tuple[str, ...]:
    found = sum(len(one.found) for one in scores)
    missed = sum(len(one.missed) for one in scores)
    false = sum(len(one.false) for one in scores)
    traps = sum(one.picture.is_trap for one in scores)
    counts = (len(scores), traps, found + missed, found, missed, false)
    return (kind, *map(str, counts), _share(found, found + missed), _share(found, found + false))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
