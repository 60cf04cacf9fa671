"""The lines of a Makefile: variables, rules, recipes, directives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ASSIGN: Final = re.compile(
    r"(?:export |override |private )*[ \t]*([\w.$(){}/%@-]+)[ \t]*(::?:?=|\?=|\+=|!=|=)"
)
_NAMED: Final = re.compile(r"\$\(([\w.]+|[@<^?*%+])\)")
_SUBSTITUTED: Final = re.compile(r"\$\(([\w.]+):([^()=]*)=([^()]*)\)")
_CONFIGURED: Final = re.compile(r"@\w+@")
_CONFIGURED_HERE: Final = re.compile(r"@(?:abs_)?srcdir@")
"""What configure fills in: where the template of the makefile is."""
_AUTOMAKE_HERE: Final = re.compile(r"%D%|%reldir%")
_HERE: Final = re.compile(
    r"\$\((?:dir|realpath|abspath|patsubst|shell)[^\n]{0,80}MAKEFILE_LIST[^\n]*|\$\(shell pwd\)|\$\(CURDIR\)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with those that continue it: what it is, and the part of the text that holds its content."""

    sort: str
    first: int
    last: int
    name: str = ""


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines of a Makefile, of the sorts recipe, variable, include, vpath, rule and comment."""
    at, inside_rule, defining = 0, False, False
    while at < len(text):
        end = _logical_end(text, at)
        body = text[at:end]
        bare = body.strip()
        word = bare.split(None, 1)[0] if bare else ""
        if word in {"define", "endef"}:
            defining = word == "define"
        elif defining or (body.startswith("\t") and inside_rule):
            yield Line("recipe", at, end)
        elif bare.startswith("#"):
            yield Line("comment", at, end)
        elif word in {"include", "-include", "sinclude", "vpath"}:
            first = at + body.index(word) + len(word)
            yield Line("vpath" if word == "vpath" else "include", first, _comment(text, first, end), word)
        elif assigned := _ASSIGN.match(body.lstrip(" \t")):
            first = at + len(body) - len(body.lstrip(" \t")) + assigned.end()
            yield Line("variable", first, _comment(text, first, end), assigned[1])
        elif ":" in body and word not in {"ifeq", "ifneq", "ifdef", "ifndef", "else", "endif"}:
            inside_rule = True
            yield from _rule(text, at, end)
        at = end + 1


def _rule(text: str, at: int, end: int) -> Iterator[Line]:
    colon = _colon(text, at, end)
    first = colon + (2 if text[colon : colon + 2] == "::" else 1)
    yield Line("target", at, colon)
    semicolon = text.find(";", first, end)
    if assigned := _ASSIGN.match(text[first:end].lstrip(" \t")):
        first += len(text[first:end]) - len(text[first:end].lstrip(" \t")) + assigned.end()
        yield Line("variable", first, end, assigned[1])
        return
    last = semicolon if semicolon >= 0 else end
    yield Line("rule", first, _comment(text, first, last), text[at:colon].strip())
    if semicolon >= 0:
        yield Line("recipe", semicolon + 1, end)


def _colon(text: str, at: int, end: int) -> int:
    """Return where the targets end: the first colon outside of parentheses."""
    level = 0
    for now in range(at, end):
        sign = text[now]
        level += (sign in "({") - (sign in ")}")
        if sign == ":" and level <= 0:
            return now
    return text.find(":", at, end)


def _comment(text: str, first: int, last: int) -> int:
    at = text.find("#", first, last)
    return at if at >= 0 and text[at - 1] != "\\" else last


def _logical_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    while end > 0 and text[end - 1 - (text[end - 1] == "\r")] == "\\":
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def as_shell(text: str) -> str:
    """Write Make's variables as a shell's, at the same places: ``$(X)`` as ``${X}``, ``$$`` as ``$``."""
    text = _AUTOMAKE_HERE.sub(lambda found: "." + "\x03" * (len(found[0]) - 1), text.replace("$$", "\x03$"))
    text = _SUBSTITUTED.sub(_keeping_length, text)
    return _NAMED.sub(r"${\1}", text)


def _keeping_length(found: re.Match[str]) -> str:
    plain = "${" + found[1] + "}"
    return plain + "\x03" * (len(found[0]) - len(plain))


def value_of(raw: str, known: dict[str, str]) -> str:
    """Return the value of a variable as far as it is a single word that is known; nothing otherwise."""
    if _HERE.search(raw):
        ups = raw.count("/..")
        # What `dir` gives ends with a slash, and is written without one more.
        slash = "/" if not ups and re.match(r"\s*\$\(dir\b", raw) else ""
        return "/".join([".", *[".."] * ups]) + slash
    value = _CONFIGURED_HERE.sub(".", raw.strip().rstrip("\\"))

    def one(found: re.Match[str]) -> str:
        return known.get(found[1] or found[2], "\0")

    value = re.sub(r"\$\(([\w.]+)\)|\$\{([\w.]+)\}", one, value)
    return "" if "$" in value or _CONFIGURED.search(value) or "\0" in value or len(value) > 1000 else value
