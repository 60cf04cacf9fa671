"""Split what a shell reads into commands and words, each with its place; nothing makes it fail."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.shell.items import (
    CLOSE,
    OPEN,
    Bracket,
    Command,
    Comment,
    Document,
    Item,
    ValueParts,
    Word,
)

_DEEP: Final = 12
_FEW: Final = 20
"""After so many here-documents without an end each further search to the end of the text is in vain."""
_SPACE: Final = re.compile(r"(?:[ \t\r\x03]|\\\r?\n)+")
_PLAIN: Final = re.compile(r"[^\s'\"\\$`;&|()<>{\x03]+")
_INSIDE: Final = re.compile(r"[^\"\\$`{]+")
_NAME: Final = re.compile(r"[A-Za-z_]\w*|[0-9@*#?!$-]")
_BRACED: Final = re.compile(r"\{[^{}\n]{0,200}\}")
_TEMPLATE: Final = re.compile(r"\{\{[^{}\n]{0,200}\}\}")
_OPERATOR: Final = re.compile(r"&>>|&>|\|\||&&|;;|\|&|>>|>\||>&|<&|<>|<\(|>\(|[;&|()<>]")
_HEREDOC: Final = re.compile(r"<<-?[ \t]*\\?(['\"]?)([\w.-]+)\1")
_REDIRECTS: Final = frozenset({">", ">>", ">|", "<", "<>", "&>", "&>>", ">&", "<&"})
_NO_COMMANDS: Final = {"comment": Comment, "document": Document}


class Splitter:
    """Reads a text once, from left to right."""

    def __init__(self, text: str) -> None:
        """Take the text of one command or many."""
        self.text = text
        self._open_quote = len(text)
        self._unended = 0

    def items(self, start: int = 0, end: int | None = None) -> Iterator[Item]:
        """Yield commands, comments and brackets of a part of the text, in order."""
        now = Command()
        redirect = ""
        for kind, first, last in self._tokens(start, len(self.text) if end is None else end):
            sign = self.text[first:last]
            if kind == "word":
                word = self.word(first, last)
                if redirect:
                    now.redirects.append((redirect, word))
                    redirect = ""
                elif sign.isdigit() and self.text[last : last + 1] in ("<", ">"):
                    continue
                else:
                    now.words.append(word)
            elif sign in _REDIRECTS and kind == "operator":
                redirect = sign
            elif kind in _NO_COMMANDS:
                yield _NO_COMMANDS[kind](first, sign)
            else:
                redirect = ""
                if now.words or now.redirects:
                    now.after = sign
                    yield now
                    now = Command()
                if sign in {"(", ")", "<(", ">("}:
                    yield Bracket(sign[-1], self._operator_at(last))
        if now.words or now.redirects:
            yield now

    def _operator_at(self, at: int) -> str:
        space = _SPACE.match(self.text, at)
        found = _OPERATOR.match(self.text, space.end() if space else at)
        return found.group() if found else ""

    def _tokens(self, at: int, end: int) -> Iterator[tuple[str, int, int]]:
        heredocs: list[str] = []
        fresh = True
        while at < end:
            sign = self.text[at]
            if space := _SPACE.match(self.text, at, end):
                at, fresh = space.end(), True
                continue
            if sign == "\n":
                yield "newline", at, at + 1
                at = at + 1
                for mark in heredocs:
                    first, at = at, self._skip_document(mark, at, end)
                    yield "document", first, at
                heredocs.clear()
            elif sign == "#" and fresh:
                stop = self.text.find("\n", at, end)
                stop = end if stop < 0 else stop
                yield "comment", at, stop
                at = stop
                continue
            elif sign == "<" and (found := _HEREDOC.match(self.text, at, end)):
                if self.text[at : at + 3] != "<<<":
                    heredocs.append(found[2])
                at = found.end()
            elif found := _OPERATOR.match(self.text, at, end):
                yield "operator", at, found.end()
                at = found.end()
            else:
                stop = max(self._word_end(at, end), at + 1)
                yield "word", at, stop
                at, fresh = stop, False
                continue
            fresh = True

    def _skip_document(self, mark: str, at: int, end: int) -> int:
        """Return the offset behind the line that ends a here-document."""
        if self._unended >= _FEW:
            return at
        found = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t\r]*$", re.MULTILINE).search(self.text, at, end)
        self._unended += found is None
        return found.end() if found else at

    def _word_end(self, at: int, end: int) -> int:
        while at < end:
            stop = self._piece_end(at, end)
            if stop == at:
                break
            at = stop
        return at

    def _piece_end(self, at: int, end: int, deep: int = 0) -> int:
        """Return the end of the piece that begins here: quoted, a variable, plain; or where it began."""
        if plain := _PLAIN.match(self.text, at, end):
            return plain.end()
        sign = self.text[at]
        if sign in "'`":
            close = self.text.find(sign, at + 1, end)
            return max(close, at) + 1
        if sign == '"':
            return self._double_end(at, end, deep)
        if sign == "$":
            return self._dollar_end(at, end, deep)
        if sign == "{":
            template = _TEMPLATE.match(self.text, at, end)
            return template.end() if template else at + 1
        escapes = sign == "\\" and self.text[at + 1 : at + 2] not in {"\n", "\r", ""}
        return at + 2 if escapes else at + (sign in "\\\x03")

    def _double_end(self, at: int, end: int, deep: int) -> int:
        if at >= self._open_quote or deep > _DEEP:
            return at + 1
        now = at + 1
        while now < end:
            if inside := _INSIDE.match(self.text, now, end):
                now = inside.end()
                continue
            sign = self.text[now]
            if sign == '"':
                return now + 1
            if sign == "\\":
                now += 2
            elif sign == "$":
                now = self._dollar_end(now, end, deep + 1)
            else:
                now += 1
        # All later quotes were passed on the way: none of them needs a look again.
        self._open_quote = min(self._open_quote, at)
        return at + 1

    def _dollar_end(self, at: int, end: int, deep: int) -> int:
        following = self.text[at + 1 : at + 2]
        if following == "{":
            template = _TEMPLATE.match(self.text, at + 1, end) or _BRACED.match(self.text, at + 1, end)
            return template.end() if template else at + 1
        if following == "(":
            return self._paren_end(at + 1, end, deep)
        name = _NAME.match(self.text, at + 1, end)
        return name.end() if name else at + 1

    def _paren_end(self, at: int, end: int, deep: int) -> int:
        """Return the end of what a parenthesis holds; where none closes it, the end of the line."""
        level, now = 0, at
        while now < end and deep <= _DEEP:
            sign = self.text[now]
            if sign in "()":
                level += 1 if sign == "(" else -1
                now += 1
                if level == 0:
                    return now
            else:
                now = max(self._piece_end(now, end, deep + 1), now + 1)
        return end if deep <= _DEEP else at + 1

    def word(self, first: int, last: int) -> Word:
        """Return the word in a part of the text, its quotes and escapes taken away."""
        raw = self.text[first:last]
        if _PLAIN.fullmatch(raw):
            return Word(first, raw, raw, tuple(range(first, last)), tuple(range(first + 1, last + 1)))
        out = ValueParts()
        self._decode(first, last, out, quoted=False)
        value = "".join(out.signs)
        return Word(
            first, raw, value, tuple(out.begins), tuple(out.ends), tuple(out.inner), raw[:1] in ("'", '"')
        )

    def _decode(self, at: int, end: int, out: ValueParts, *, quoted: bool) -> None:
        while at < end:
            sign = self.text[at]
            stop = min(end, max(at + 1, self._piece_end(at, end)))
            if sign in ("'", '"') and not quoted and stop > at + 1:
                if sign == "'":
                    out.plain(self.text, at + 1, stop - 1)
                else:
                    self._decode(at + 1, stop - 1, out, quoted=True)
            elif sign == "\\":
                self._escape(at, min(stop, end), out)
            elif sign == "$" or (sign == "{" and stop > at + 1):
                self._variable(at, stop, out)
            elif sign == "`" and stop > at + 1:
                out.substitution(self.text, at, stop, at + 1, stop - 1)
            elif quoted and sign in "'\"":
                stop = at + 1
                out.plain(self.text, at, stop)
            elif sign != "\x03":
                out.plain(self.text, at, stop)
            at = stop

    def _escape(self, at: int, stop: int, out: ValueParts) -> None:
        following = self.text[at + 1 : stop]
        if following.isalnum() or following in ("_", ".", "*"):
            # Nobody escapes a letter; on another system this is what parts a path.
            out.put("/", at, at + 1)
            out.plain(self.text, at + 1, stop)
        elif following == "\\":
            out.put("/", at, stop)
        else:
            out.plain(self.text, at + 1, stop)

    def _variable(self, at: int, stop: int, out: ValueParts) -> None:
        raw = self.text[at:stop]
        if raw.startswith("$(") and raw.endswith(")"):
            out.substitution(self.text, at, stop, at + 2, stop - 1)
        elif len(raw) > 1:
            out.put(OPEN + raw.lstrip("$").strip("{} ") + CLOSE, at, stop)
        else:
            out.plain(self.text, at, stop)
