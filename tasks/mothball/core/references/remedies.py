"""What to do about a finding, in the imperative: the very words to write, where they are known."""

import re
from enum import StrEnum
from typing import Final

from mothball.core.plan.text import quoted
from mothball.core.references.change import Change
from mothball.core.references.claims import SEARCH_PATH
from mothball.core.references.findings import Direction, Finding, Verdict
from mothball.core.references.rewrites import reason_against, rewritten
from mothball.core.show import visible


class Fix(StrEnum):
    """What `archive.fix` does about a break."""

    REWRITES = "rewrites it"
    MENDS = "mends it with something else in the file"
    LEAVES = "leaves it, unproved"


_GONE: Final = "Take it out: nothing is imported from there any more, and an import that relied on it breaks."
_SPECIAL: Final = re.compile(r"[\\*?\[\]]| +$")


def remedy(found: Finding, change: Change, fix: Fix = Fix.REWRITES) -> str:
    """Name the ways out: point it elsewhere, keep the target, allow it; a plan's, where there is a plan.

    ``fix`` says what comes of it where it could be rewritten.
    """
    if found.direction is Direction.OUTBOUND:
        return f"Run it from history, where it was {visible(change.home(found.file))}."
    if found.verdict is Verdict.MENTION:
        return _GONE if found.kind == SEARCH_PATH else "Nothing needs doing; or take it out."
    ways = [_first(found, change, fix)]
    if change.planned and not change.is_past(found.old_path):
        ways.append(f"keep {_pattern(found.old_path, found)} under [[keep]]")
    if change.planned and found.verdict is Verdict.BREAK:
        ways.append(f"under [references] write {allowance(found)}")
    return "; or ".join(ways) + "."


def allowance(found: Finding) -> str:
    """Return the words by which a plan allows a break."""
    source, target = _pattern(found.file), _pattern(found.old_path, found)
    return f'allow = [{{ from = {source}, to = {target}, reason = "…" }}]'


def _first(found: Finding, change: Change, fix: Fix) -> str:
    text = rewritten(found)
    if found.kind == "convention":
        back = f"Move it back to {visible(found.old_path)}"
        return back if change.is_past(found.old_path) else "Let it stay"
    if fix is Fix.MENDS:
        return "`archive.fix` mends it with what else it rewrites here"
    if text is not None and fix is Fix.LEAVES:
        return f"Write {visible(text)} instead, by hand: `archive.fix` cannot prove that all is found then"
    if text is not None:
        past = change.is_past(found.old_path)
        return f"Write {visible(text)} instead" if past else f"`archive.fix` rewrites it to {visible(text)}"
    return _by_hand(found)


def _by_hand(found: Finding) -> str:
    if found.new_path is None:
        return "Take it out"
    if found.kind == SEARCH_PATH:
        return f"Put {visible(found.new_path)} on the search path instead: imports that relied on it fail"
    return f"Change it or take it out by hand ({reason_against(found)})"


def _pattern(path: str, found: Finding | None = None) -> str:
    """Return the pattern that matches just this path, as a string of TOML."""
    exact = _SPECIAL.sub(lambda match: "".join(f"\\{char}" for char in match[0]), path)
    return quoted(f"/{exact}{'/' if found and found.directory else ''}")
