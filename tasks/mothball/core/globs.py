r"""Read one line of a ``.gitignore`` the way git does, as names to match one after the other.

The reading follows ``dir.c`` and ``wildmatch.c`` of git 2.39, checked there by a differential test. What
surprises people, all of it kept:

* git compares bytes: ``?`` is half an ``é``. Text is therefore held as one character a byte, see `as_bytes`.
* A bracket is a set of bytes. Letters outside ASCII in it, and ranges the wrong way round, mean something to
  git that nobody can have meant; they are refused.
* A pattern with a slash that is not the last character starts at the root, also where that slash is inside
  a bracket or escaped.
* git compares the part before the first wildcard by itself. What follows it then stands at a beginning, so
  that ``foo**/bar`` reads ``foo``, ``**/bar`` and matches ``foobar``, ``foo/bar`` and ``food/x/bar``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits, punctuation

from mothball.core.names import ANY, Mark, Name, Token

MAX_CHARACTERS = 256
MAX_WILDCARDS = 16

# git's own tables: no locale, and neither form feed nor vertical tab is a space.
_CLASSES = {
    "alnum": ascii_letters + digits,
    "alpha": ascii_letters,
    "blank": " \t",
    "cntrl": "".join(map(chr, [*range(1, 32), 127])),
    "digit": digits,
    "graph": ascii_letters + digits + punctuation,
    "lower": ascii_lowercase,
    "print": ascii_letters + digits + punctuation + " ",
    "punct": punctuation,
    "space": " \t\n\r",
    "upper": ascii_uppercase,
    "xdigit": hexdigits,
}


class PatternError(ValueError):
    """A pattern that git never matches, or one too large; the message is a clause, with what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One name on the way down; where ``deep``, any number of directories may come before it."""

    name: Name
    deep: bool


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern: the ways (sequences of names from the root) that lead to what it matches."""

    negative: bool
    directories_only: bool
    ways: tuple[tuple[Step, ...], ...]


def as_bytes(text: str) -> str:
    """Return the text with one character (U+0000 to U+00FF) for each byte that git sees.

    Raises:
        UnicodeEncodeError: for surrogates that stand for no byte; no path of git's has them.
    """
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def read_glob(text: str) -> Glob:
    """Read a pattern.

    Raises:
        PatternError: for what git skips or can never match, and for what is larger than it needs to be.
    """
    _check_characters(text)
    body = _without_trailing_spaces(as_bytes(text))
    negative = body.startswith("!")
    body = body.removeprefix("!")
    directories_only = body.endswith("/")
    body = body.removesuffix("/")
    if not body:
        raise PatternError("names nothing; write the path that is meant")
    if "/" in body:
        tokens = tuple(_tokens(body.removeprefix("/")))
        ways = _ways(tokens)
    else:
        tokens = tuple(_tokens(body, anchored=False))
        ways = [(Step(Name(tokens), deep=True),)]
    wildcards = sum(token is not Mark.SLASH and not isinstance(token, str) for token in tokens)
    if wildcards > MAX_WILDCARDS:
        raise PatternError(f"has {wildcards} wildcards; write a pattern with at most {MAX_WILDCARDS}")
    return Glob(negative, directories_only, tuple(_possible(ways)))


def _check_characters(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise PatternError(f"has {len(text)} characters; write at most {MAX_CHARACTERS}")
    if not text.strip(" "):
        raise PatternError("is empty; write a path or a pattern")
    if text.startswith("#"):
        raise PatternError("is a comment; write \\# for a name that begins with #")
    if text.startswith("\ufeff"):
        raise PatternError("begins with a byte order mark, which git skips; remove it")
    if any(char < " " or char == "\x7f" for char in text):
        raise PatternError("holds a control character; write ? in its place")
    if any("\ud800" <= char <= "\udc7f" or "\udd00" <= char <= "\udfff" for char in text):
        raise PatternError("holds half of a character; write ? for each byte of a name that is no UTF-8")


def _without_trailing_spaces(text: str) -> str:
    kept = text.rstrip(" ")
    escapes = len(kept) - len(kept.rstrip("\\"))
    return text[: len(kept) + escapes % 2]


def _tokens(body: str, *, anchored: bool = True) -> Iterator[Token]:
    first_wildcard = re.match(r"[^*?\[\\]*", body).end()  # type: ignore[union-attr]  # it matches ""
    at = 0
    while at < len(body):
        begin, char = at, body[at]
        at += 1
        if char == "*":
            while body.startswith("*", at):
                at += 1
            whole = anchored and at - begin > 1 and (begin == first_wildcard or body[begin - 1] == "/")
            mark, length = _stars(body[at : at + 2]) if whole else (Mark.STAR, 0)
            yield mark
            at += length
        elif char == "[":
            members, at = _bracket(body, at)
            yield members
        elif char == "\\":
            if at == len(body):
                raise PatternError("ends in a backslash; write \\\\ for a name that does")
            yield Mark.SLASH if body[at] == "/" else body[at]
            at += 1
        else:
            yield ANY if char == "?" else Mark.SLASH if char == "/" else char


def _stars(after: str) -> tuple[Mark, int]:
    if not after:
        return Mark.REST, 0
    if after[0] == "/":
        return Mark.DEEP, 1
    return (Mark.DEEPER, 2) if after == "\\/" else (Mark.STAR, 0)


def _bracket(body: str, begin: int) -> tuple[frozenset[str], int]:
    negated = body[begin : begin + 1] in {"!", "^"}
    at = begin + negated
    members: set[str] = set()
    previous = ""
    while at == begin + negated or body[at : at + 1] != "]":
        if body[at : at + 1] == "-" and previous and body[at + 1 : at + 2] not in {"", "]"}:
            last, at = _member(body, at + 1)
            members.update(_range(previous, last))
            previous = ""
        elif body.startswith("[:", at) and body[(end := _find_end(body, at + 2)) - 1] == ":" and end > at + 2:
            members.update(_class(body[at + 2 : end - 1]))
            at, previous = end + 1, ""
        else:
            previous, at = _member(body, at)
            members.add(previous)
    if not body[begin:at].isascii():
        raise PatternError(
            "has a letter outside ASCII in [...], which git reads byte by byte; write a pattern each"
        )
    found = (ANY - members if negated else members) - {"/"}
    if not found:
        raise PatternError(
            f"has a set that no character is in, {body[begin - 1 : at + 1]}; correct or remove it"
        )
    return frozenset(found), at + 1


def _member(body: str, at: int) -> tuple[str, int]:
    if body[at : at + 1] == "\\":
        at += 1
    if at >= len(body):
        raise PatternError("has a [ that is never closed; close it, or write \\[ for the character")
    return body[at], at + 1


def _range(first: str, last: str) -> Iterator[str]:
    # git takes such a set for its first character; nobody means that.
    if last < first:
        raise PatternError(f"has a range the wrong way round in [...], {first}-{last}; swap its ends")
    return map(chr, range(ord(first), ord(last) + 1))


def _find_end(body: str, at: int) -> int:
    end = body.find("]", at)
    if end < 0:
        raise PatternError("has a [ that is never closed; close it, or write \\[ for the character")
    return end


def _class(name: str) -> str:
    if name not in _CLASSES:
        raise PatternError(f"has an unknown class [:{name}:]; use one of {', '.join(_CLASSES)}")
    return _CLASSES[name]


def _ways(tokens: Sequence[Token]) -> list[tuple[Step, ...]]:
    ways: list[tuple[Step, ...]] = []
    pending: list[tuple[int, tuple[Step, ...]]] = [(0, ())]
    while pending:
        begin, steps = pending.pop()
        name: tuple[Token, ...] = ()
        deep = begin > 0
        for at in range(begin, len(tokens)):
            token = tokens[at]
            if token is Mark.DEEP and not name:
                deep = True
            elif token is Mark.DEEP:
                pending.append((at + 1, (*steps, Step(Name((*name, Mark.STAR)), deep))))
            elif token is Mark.DEEPER:
                steps, name, deep = (*steps, Step(Name((*name, Mark.STAR)), deep)), (), True
            elif token is Mark.REST:
                if name:
                    ways.append((*steps, Step(Name((*name, Mark.STAR)), deep)))
                    steps = ways[-1]
                name, deep = (Mark.STAR,), True
            elif token is Mark.SLASH:
                steps, name, deep = (*steps, Step(Name(name), deep)), (), False
            else:
                name = (*name, token)
        ways.append((*steps, Step(Name(name), deep)))
    return ways


def _possible(ways: Sequence[tuple[Step, ...]]) -> list[tuple[Step, ...]]:
    names = [{step.name.literal for step in way} for way in ways]
    found = [way for way, literals in zip(ways, names, strict=True) if not literals & {"", ".", ".."}]
    if found:
        return found
    if names[0] & {".", ".."}:
        raise PatternError("has . or .. as a name; write the path from the root of the repository")
    raise PatternError("has two slashes in a row; write one")
