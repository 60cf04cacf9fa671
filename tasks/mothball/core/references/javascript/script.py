"""What one JavaScript program names: imports, calls that take modules or files, paths put together."""

import re
from collections.abc import Iterator
from typing import Any, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.javascript.calls import (
    COMMAND_KEYS,
    COMMANDS,
    CONFIG_KEYS,
    FILES,
    HERE_CALLS,
    LABEL_KEYS,
    MODULES,
    ROOTED,
    is_config,
)
from mothball.core.references.javascript.places import Place, Places
from mothball.core.references.javascript.tokens import Kind, Token, tokens
from mothball.core.references.papers import leads_elsewhere
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.texts import Lines

_REFERENCE: Final = re.compile(r"""///\s*<reference\s+(path|types)\s*=\s*["']([^"'\n]*)["']""")
_COMMENTED: Final = re.compile(
    r"""(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)(?:"([^"\n]*)"|'([^'\n]*)')"""
)
ASSET: Final = re.compile(r"/[^\s?#*:<>]{1,300}\.\w{1,10}")
"""An address of the site itself, as pages and servers write it."""
_UNKNOWN: Final = re.compile(r"\$\d|\{\*\}")
_PATH: Final = re.compile(r"!?(?:<rootDir>|[\w.@*~])?[^\s:;,'\"`=()|\\]*")

_BEFORE_OBJECTS: Final = frozenset({"=", "(", "[", ",", ":", "return", "default", "..."})
"""What stands before the bracket of an object, whose values are worked out at once."""
_BRACES: Final = frozenset({"{", "${", "}"})
_DECLARING: Final = frozenset({"const", "let", "var"})
_BEGINNING: Final = _DECLARING | set(ROOTED)
_JOINING: Final = ("join", "resolve", "URL")
_JOINERS: Final = ("join", "resolve", "path")
_LEADING: Final = frozenset({"(", "<", ":", "+"})
"""The signs behind a word that make it a call, a key or a sum."""


class Script:
    """One program being read: its code, where that begins in the file, and what is open at a token."""

    def __init__(self, code: str, path: str, lines: Lines, offset: int) -> None:
        self.code, self.path, self.lines, self.offset = code, path, lines, offset
        found = tokens(code)
        self.comments = [one for one in found if one.kind is Kind.COMMENT]
        self.tokens = [one for one in found if one.kind is not Kind.COMMENT]
        self.places = Places(self.tokens)
        self.tries: list[bool] = []
        self.later: list[bool] = []
        self.config = is_config(path)
        self.below = tuple(self._joined_below()) if self.config else ()

    def claims(self) -> Iterator[Claim]:
        """Yield every claim of the program."""
        for comment in self.comments:
            yield from self._comment(comment)
        behind = 0
        for index, token in enumerate(self.tokens):
            kind = token.kind
            if kind is Kind.SIGN:
                if token.value in _BRACES:
                    self._note_block(index, token)
            elif index < behind:
                continue
            elif kind is Kind.STRING or kind is Kind.TEMPLATE:
                yield from self._string(index, token)
            elif kind is Kind.WORD and self._says_something(index, token.value):
                found, behind = self._word(index, token)
                yield from found

    def _says_something(self, index: int, word: str) -> bool:
        """Say whether `_word` has to be asked: of nine words in ten the next sign and the end tell."""
        return word in _BEGINNING or self.places.sign(index + 1) in _LEADING or word.endswith(_JOINING)

    def _note_block(self, index: int, token: Token) -> None:
        if token.value in {"{", "${"}:
            before = self.tokens[index - 1].value if index else ""
            self.tries.append(before == "try")
            self.later.append(before not in _BEFORE_OBJECTS)
        elif token.value == "}" and self.tries:
            self.tries.pop()
            self.later.pop()

    def _claim(self, first: int, last: int, name: str, kind: str, **more: Any) -> Claim:
        line, column = self.lines.at(self.offset + first)
        if more.get("severity", Severity.HARD) is Severity.HARD and any(self.tries):
            more["severity"] = Severity.MASKED
        return Claim(line=line, column=column, text=self.code[first:last], name=name, kind=kind, **more)

    def _module(self, token: Token, kind: str, **more: Any) -> Claim:
        name, firm = token.value, token.value.startswith(".") and "*" not in token.value
        return self._claim(
            token.start, token.end, name, kind, lookup="module", bases=(HERE,), firm=firm, **more
        )

    def _string(self, index: int, token: Token) -> Iterator[Claim]:
        """Yield the claim of a string in a statement; those in calls are taken with the call."""
        before = self.tokens[index - 1].value if index else ""
        if before in {"from", "import"} and self.tokens[index - 1].kind is Kind.WORD:
            yield self._module(token, "js-import", carries=not any(self.tries))
        elif before == "module" and token.value.startswith("."):
            yield self._module(token, "js-module-declaration")
        elif ASSET.fullmatch(token.value):
            more = {"lookup": "asset", "severity": Severity.LINK}
            yield self._claim(token.start, token.end, token.value, "js-asset", **more)
        elif token.kind is Kind.TEMPLATE and token.first:
            place, _ = self.places.at(index)
            yield from self._place(place)
        elif self.config:
            yield from self._setting(index, token)

    def _setting(self, index: int, token: Token) -> Iterator[Claim]:
        """Yield the claim of a string of a configuration that looks like a path, or has a key for one."""
        name = token.value
        if " " in name and self._key(index) in COMMAND_KEYS:
            yield from self._command(token)
        if not name or not _PATH.fullmatch(name) or self._is_label(index):
            return
        if name.startswith("@"):
            if "/" in name:
                yield self._module(token, "js-config", severity=Severity.CONFIG)
            return
        if "/" not in name and "." not in name.strip(".") and self._key(index) not in CONFIG_KEYS:
            return
        name = _UNKNOWN.sub("*", name.removeprefix("!").replace("<rootDir>", ".", 1).lstrip("/"))
        yield self._claim(
            token.start,
            token.end,
            name,
            "js-config",
            lookup="either",
            # What is not named from here is named from where the tool runs: the package, or the top.
            bases=(HERE, ABOVE, *self.below) if "/" in name.strip("/") else (HERE, ROOT),
            severity=Severity.CONFIG,
        )

    def _joined_below(self) -> Iterator[str]:
        """Yield the directories below which a path is put together of what only the running program knows."""
        for call, opening, name, comma, more in zip(*(self.tokens[at:] for at in range(5)), strict=False):
            joins = name.kind is Kind.STRING and call.value.lower().endswith(_JOINERS)
            if joins and opening.value == "(" and comma.value == "," and more.kind is Kind.WORD:
                yield f"{HERE}{name.value}"

    def _is_label(self, index: int) -> bool:
        """Say whether a string is what people read: a name or a title."""
        return index > 1 and self.places.sign(index - 1) == ":" and self.tokens[index - 2].value in LABEL_KEYS

    def _key(self, index: int) -> str:
        """Return the key of an object whose value a string is, or is in a list or a sum of."""
        index -= 1
        while index > 0 and (
            self.tokens[index].kind in {Kind.STRING, Kind.TEMPLATE}
            or self.tokens[index].value in {",", "[", "+"}
            or self.places.sign(index + 1) == "+"
        ):
            index -= 1
        return self.tokens[index - 1].value if index > 0 and self.places.sign(index) == ":" else ""

    def _word(self, index: int, token: Token) -> tuple[list[Claim], int]:
        """Return the claims of a call, constant or expression that begins here, and what is behind it."""
        word, sign = token.value, self.places.sign(index + 1)
        if word in _DECLARING:
            self.places.note(index)
            return [], index + 2
        if sign in {"(", "<"} and (opening := self._opening(index + 1)) >= 0:
            called = word.rpartition(".")[2]
            if word in MODULES or (called in MODULES and "." in word and called != "resolve"):
                return self._modules_in(opening, word), index + 1
            if called in HERE_CALLS | FILES | COMMANDS:
                return self._paths_in(opening, called), index + 1
        if word in {"templateUrl", "styleUrl", "styleUrls"} and sign == ":":
            return [self._module(one, "angular-file") for one in self._listed(index + 2)], index + 1
        # The strings that follow may be parts of a command.
        adds = sign == "+" and not (self.config and self._key(index) in COMMAND_KEYS)
        if word in ROOTED or adds or word.rpartition(".")[2] in _JOINING:
            place, behind = self.places.at(index)
            return list(self._place(place)), max(behind, index + 1)
        return [], index + 1

    def _opening(self, index: int) -> int:
        """Return the token of the bracket that opens a call's arguments, behind its types; -1 for none."""
        if self.places.sign(index) == "(":
            return index
        depth = 0
        for at in range(index, min(index + 40, len(self.tokens))):
            depth += {"<": 1, ">": -1}.get(self.places.sign(at), 0)
            if depth == 0:
                return at + 1 if self.places.sign(at + 1) == "(" else -1
        return -1

    def _listed(self, index: int) -> list[Token]:
        """Return the string at a token, or those of the list that begins there."""
        found = []
        inside = self.places.sign(index) == "["
        for token in self.tokens[index + inside : index + inside + 200]:
            if token.kind in {Kind.STRING, Kind.TEMPLATE}:
                found.append(token)
            if not inside or token.value == "]":
                break
        return found

    def _modules_in(self, opening: int, word: str) -> list[Claim]:
        kind = f"js-{word.rpartition('.')[2]}" if word.startswith(("jest", "vi")) else "js-require"
        place, behind = self.places.at(opening + 1)
        if place.joined and place.base == "" and self.places.sign(behind) in {")", ","}:
            token = Token(Kind.STRING, place.first, place.last, place.name)
            return [self._module(token, kind)]
        carries = word == "require" and not any(self.later) and not self._is_body(opening - 1)
        listed = self._listed(opening + 1)
        wanted = [one for one in listed if one.value.removeprefix("!").startswith((".", "/"))]
        return [
            self._module(one, "js-import" if word == "import" else kind, carries=carries)
            for one in (wanted if len(listed) > 1 else listed)
        ]

    def _is_body(self, index: int) -> bool:
        """Say whether an expression is what an arrow function returns: nobody may ever call that."""
        while self.places.sign(index - 1) == "(":
            index -= 1
        return self.places.sign(index - 1) == "=>"

    def _paths_in(self, opening: int, called: str) -> list[Claim]:
        if called in COMMANDS:
            return list(self._commands(opening))
        place, behind = self.places.at(opening + 1)
        if place.name.startswith("-") and self.places.sign(behind) == ",":
            place, behind = self.places.at(behind + 1)  # an option, as of a shell
        if self.places.sign(behind) not in {")", ","}:
            return []
        bases = (HERE, ABOVE) if called in HERE_CALLS else (ABOVE,)
        masked = {"severity": Severity.MASKED} if called == "existsSync" else {}
        if place.base == "" and not place.joined and "/" in place.name:
            name = place.name.lstrip("/")
            return [
                self._claim(place.first, place.last, name, "js-file", lookup="path", bases=bases, **masked)
            ]
        return list(self._place(place, **masked))

    def _commands(self, opening: int) -> Iterator[Claim]:
        listed = self._listed(opening + 1)
        more = self._listed(opening + 3) if self.places.sign(opening + 2) == "," else []
        for token in listed:
            yield from self._command(token)
        for token in more:
            if "/" in token.value:
                yield self._claim(
                    token.start, token.end, token.value, "js-command", lookup="path", bases=(ABOVE,)
                )

    def _command(self, token: Token) -> Iterator[Claim]:
        line, column = self.lines.at(self.offset + token.start)
        code = self.code[token.start : token.end]
        yield from claims_of_commands(code, kind="js-command", line=line, column=column, bases=(ROOT, ABOVE))

    def _place(self, place: Place, **more: Any) -> Iterator[Claim]:
        if place.first < 0 or not place.joined or "\0" in place.name:
            return
        name = place.name.lstrip("/")
        if place.base:
            yield self._claim(
                place.first, place.last, name, "js-path", lookup="either", bases=(place.base,), **more
            )
        elif place.base is None and name.startswith("*") and "/" in name.lstrip("*/"):
            tail = name.lstrip("*/")
            first, last = place.first, place.last
            if "." in tail.rpartition("/")[2] and not leads_elsewhere(self._before(place)):
                # What the top of the repository holds under this very path is meant.
                yield self._claim(first, last, tail, "js-path", lookup="path", bases=(ROOT,), **more)
            yield self._claim(
                first, last, tail, "js-path", lookup="path", bases=(ABOVE,), doubtful=True, **more
            )

    def _before(self, place: Place) -> str:
        """Return what stands before the part of a path that is written out: it ends with a variable."""
        written = self.code[place.first : place.last]
        inside = written.find("}") if written.startswith(("`${", "${")) else -1
        return written[:inside] if inside > 0 else self.code[max(0, place.first - 100) : place.first]

    def _comment(self, token: Token) -> Iterator[Claim]:
        for found in _REFERENCE.finditer(token.value):
            first, last = token.start + found.start(2), token.start + found.end(2)
            name = found[2] if found[1] == "types" or found[2].startswith((".", "/")) else f"./{found[2]}"
            yield self._claim(first, last, name, "ts-reference", lookup="module", bases=(HERE,), carries=True)
        typed = "{import(" in token.value and self.path.endswith((".js", ".jsx", ".mjs", ".cjs"))
        for found in _COMMENTED.finditer(token.value):
            group = found.lastindex or 0
            first, last = token.start + found.start(group), token.start + found.end(group)
            yield self._claim(
                first, last, found[group], "js-import", lookup="module", prose=not typed, doubtful=typed
            )
