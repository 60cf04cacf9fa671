"""Read the imports of a Python source line by line, where it does not parse."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mothball.core.references.claims import Claim
from mothball.core.references.python.imports import from_claims, module_claims, name_claims

_LONGEST: Final = 2000
_IMPORT: Final = re.compile(
    r"([ \t]*)c?import[ \t]+([A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[^#\n]*)?)"
)
_FROM: Final = re.compile(r"([ \t]*)from[ \t]+(\.*[ \t]*[\w.]*)[ \t]+c?import\b[ \t]*\(?([^#\n]*)")
_NAME: Final = re.compile(r"([A-Za-z_][\w.]*)(?:[ \t]+as[ \t]+\w+)?")


def claims_of_lines(text: str) -> Iterator[Claim]:
    """Yield what single lines import."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST or "import" not in line:
            continue
        if found := _FROM.match(line):
            yield from _from(found, number)
        elif found := _IMPORT.match(line):
            for name in _NAME.finditer(line, found.start(2), found.end(2)):
                if line[: name.start()].rstrip()[-1:] in {",", "t"}:
                    claim = _claim(number, name.start(1), name[1], carries=not found[1])
                    yield from module_claims(claim, name[1], shorter=name[1].count("."))


def _from(found: re.Match[str], number: int) -> Iterator[Claim]:
    written = found[2]
    module = written.lstrip(". \t")
    level = written.count(".", 0, len(written) - len(module))
    names = [name for name in _NAME.finditer(found.string, found.start(3), found.end(3)) if name[1] != "as"]
    claim = _claim(number, found.start(2), written, carries=not found[1])
    yield from from_claims(claim, level, module, [name[1] for name in names] or ["*"])
    for name in names:
        one = replace(claim, column=name.start(1) + 1, text=name[1])
        yield from name_claims(one, level, module, name[1])


def _claim(line: int, start: int, text: str, *, carries: bool) -> Claim:
    return Claim(line=line, column=start + 1, text=text, kind="python-import", carries=carries)
