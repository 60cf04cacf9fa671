"""The hazards: what destroys data when files are moved in a repository, and what mothball does instead.

``python -m tests.hazards.rows`` writes them with their tests to ``docs/hazards.md``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parents[1] / "docs" / "hazards.md"

GROUPS: Final = {
    1: "The work tree and the index",
    21: "Destinations, and what patterns mean",
    36: "Names",
    42: "Links, and ways out of the repository",
    50: "How git treats files",
    64: "Push, history, and who reads it",
    73: "The operating system",
    85: "Hostile input",
}
"""Each group of rows by its first."""

HAZARDS: Final[dict[int, tuple[str, str]]] = {
    1: ("edits that are not staged", "refused (4) where the run would touch the file, left alone elsewhere"),
    2: ("staged changes of others", "left out of the commit, still staged afterwards"),
    3: ("untracked files in a moved directory", "stay where they are; the run says so"),
    4: ("an ignored file that the move would expose", "refused (2), or taken back (5)"),
    5: ("ignored files in an emptied directory", "stay, and the directory with them"),
    6: ("a destination that a rule ignores", "refused (2) with the rule, unless the plan allows it"),
    7: ("tracked files that a rule ignores", "move like all others: nothing is added by name"),
    8: ("a file added with `git add -N`", "refused (4): the index has no content for it"),
    9: ("assume-unchanged and skip-worktree", "refused (4) where they may hide an edit of what is touched"),
    10: ("sparse checkouts", "refused (4) where they leave out a source or a destination"),
    11: ("shallow clones", "work; the analysis says how far history goes"),
    12: ("partial clones", "work without the remote; what undo lacks is fetched"),
    13: ("edits with a forged file time", "found: contents are compared, not times"),
    14: ("unmerged files", "refused (4)"),
    15: ("a merge, rebase or bisect under way", "refused (4)"),
    16: ("detached HEAD, no commit yet, bare", "refused (4)"),
    17: ("`GIT_*` variables that name another repository", "refused (4)"),
    18: ("linked work trees, `.git` as a file", "work; each work tree has a journal of its own"),
    19: ("an index that another git holds", "waited for, then refused (4) or taken back; the lock stays"),
    20: ("formats of repositories and indexes, odd configuration", "work, with the same result"),
    21: ("a tracked file at the destination", "refused (2); nothing is ever overwritten"),
    22: ("an untracked file at the destination", "refused (2), or taken back (5) if it comes meanwhile"),
    23: ("two files for one path", "refused (2)"),
    24: ("a destination that does not exist", "is made: a destination is always a directory"),
    25: ("a pattern that matches nothing", "refused (2)"),
    26: ("a second run", "does nothing"),
    27: ("a destination inside of what moves", "refused (2)"),
    28: ("a file in two categories", "the first has it; the run says so"),
    29: ("a production file that a pattern matches", "stays: keep wins"),
    30: ("a pattern that matches its own destination", "nothing in a destination moves again"),
    31: ("a file where a directory is needed, or the reverse", "refused (2), also if only HEAD has it"),
    32: ("patterns for the plan, the README, git's own files", "these never move"),
    33: ("paths that only letter case parts", "refused (2)"),
    34: ("paths that only their Unicode form parts", "refused (2); names keep their bytes"),
    35: ("another spelling of a directory that exists", "refused (2)"),
    36: ("hostile names", "every byte of a name is kept, everywhere"),
    37: ("names that are pathspec magic", "are taken literally"),
    38: ("names that git would quote", "are read and written with NUL"),
    39: ("long paths", "refused (2) beyond what can be checked out, a notice for Windows"),
    40: ("names that Windows reserves", "refused (2) in destinations"),
    41: ("paths that `update-index` drops in silence", "found: every index is read back"),
    42: ("links that a move would break", "refused (2)"),
    43: ("a destination that is a link", "refused (2)"),
    44: ("destinations outside of the repository", "refused (2)"),
    45: ("destinations and files in `.git`, in any spelling", "refused (2)"),
    46: ("sources behind a link", "only what git tracks is a source"),
    47: ("a link swapped in under our feet", "leads nowhere: no link is followed"),
    48: ("two names of one file", "noticed; a rename of one to the other is no move"),
    49: ("calls that overwrite", "one module renames and removes, and none of its calls overwrites"),
    50: ("submodules", "refused (2)"),
    51: ("nested repositories", "never moved; refused (2) as a destination"),
    52: (
        "attributes for line ends",
        "refused (2) where the move changes them, (4) where they rewrite a file",
    ),
    53: ("attributes of releases and merges", "a notice"),
    54: ("filters such as LFS", "refused (2) where the move changes them"),
    55: ("a moved `.gitignore` or `.gitattributes`", "refused (2) where it leaves files behind"),
    56: ("modes with `core.fileMode=false`", "kept, from the index"),
    57: ("`core.autocrlf` changed since", "no blob is rewritten"),
    58: ("a hook that rewrites files", "told (9), with the way back"),
    59: ("a hook that refuses the commit", "all is staged (7); `archive.commit` goes on"),
    60: ("no identity, no key to sign", "all is staged (7)"),
    61: ("editors, empty commits", "no editor opens, no empty commit is made"),
    62: ("a commit of somebody else meanwhile", "stands; ours is taken back (5)"),
    63: ("locks on refs", "the commit waits (7); those that a killed run of ours left are taken away"),
    64: ("a push that is rejected", "told (8); the commit stays"),
    65: ("a push that asks or hangs", "asks nothing and ends in time (8)"),
    66: ("a push that would publish other commits", "not made (8)"),
    67: ("a push cut off", "is made again, or was made"),
    68: ("rename detection", "every rename is of 100 %"),
    69: ("README and ledger in the same commit", "history follows all the same"),
    70: ("identical files", "the ledger has the map; nothing is guessed"),
    71: ("branches that edit archived files", "are named in the analysis"),
    72: ("CI, packaging and CODEOWNERS that name old paths", "read and told before the move"),
    73: ("a full disk", "before or after"),
    74: ("a limit of file size", "before or after"),
    75: ("directories without write permission", "refused (4)"),
    76: ("other file systems in the tree", "refused (2, 4), or taken back (5)"),
    77: ("signals and kills", "before or after; directories keep their permissions"),
    78: ("two runs at once", "the second is told (75)"),
    79: ("an editor that saves meanwhile", "the run ends (5, 6); the edit is kept"),
    80: ("a handle that is open", "follows its file"),
    81: ("power loss", "everything is synced before the next effect needs it"),
    82: ("clocks that are wrong", "no decision goes by the time of day"),
    83: ("pipes, sockets, devices", "never opened in a way that waits"),
    84: ("big files", "read piece by piece"),
    85: ("code of the directory it runs in", "none is run"),
    86: ("a hostile `.git/config`", "nothing that it names is run by reading"),
    87: ("bare repositories in the tree", "are not taken for the repository"),
    88: ("files of another user", "git's own refusal is passed on (4)"),
    89: ("names that paint the terminal", "are shown, not obeyed"),
    90: ("names that write HTML or Markdown", "are quoted in every page"),
    91: ("markers that are no pair", "refused (4)"),
    92: ("READMEs of every encoding and line end", "come back byte for byte"),
    93: ("plans and pages that flood the memory", "refused in little memory and time"),
    94: ("patterns that blow up", "end soon; what keeps git busy for ever is refused (4)"),
}
"""Each row: what may happen, and what mothball does. The numbers are exit codes."""

ELSEWHERE: Final = {72: "`tests/core/references/`, `tests/accuracy/`"}
"""Rows whose tests have their own place."""


def tests_of(row: int) -> list[str]:
    """Return the tests of a row, each with its module."""
    return [f"{module}::{name}" for module, name, rows in marked() if row in rows]


def marked() -> Iterator[tuple[str, str, set[int]]]:
    """Yield module, name and rows of every hazard test."""
    for module in sorted(HERE.glob("test_[a-h]_*.py")):
        for node in ast.parse(module.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                calls = [mark for mark in node.decorator_list if isinstance(mark, ast.Call)]
                rows = [call.args for call in calls if ast.unparse(call.func) == "hazard"]
                yield module.name, node.name, {ast.literal_eval(row) for found in rows for row in found}


def page() -> str:
    """Return the page that lists every hazard with its tests."""
    lines = [
        "# What can destroy data, and the test that it does not",
        "",
        "Each of these was seen to lose or publish something, or could, when files of a repository are moved",
        "by `mv` and `git add -A`, or by `git mv`. A number in brackets is the exit code. The tests are in",
        "`tests/hazards/`, by these names with underscores; `python -m tests.hazards.rows` writes this page,",
        "and a test holds it to them.",
    ]
    for row, (hazard, answer) in HAZARDS.items():
        if row in GROUPS:
            lines += [
                "",
                f"## {GROUPS[row]}",
                "",
                "| | hazard | what mothball does | tests |",
                "|---|---|---|---|",
            ]
        names = (name.split("::")[1].removeprefix("test_") for name in tests_of(row))
        tests = ELSEWHERE.get(row) or "; ".join(name.replace("_", " ") for name in names)
        lines.append(f"| {row} | {hazard} | {answer} | {tests} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
