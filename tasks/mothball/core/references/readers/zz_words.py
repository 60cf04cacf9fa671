"""Path-like words in any text, of any format: what no other reader understood. Runs last, by its name."""

import re
from collections import Counter
from collections.abc import Container, Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, ENDING, HERE, ROOT, Claim, Severity
from mothball.core.references.javascript.source import is_built
from mothball.core.references.papers import (
    is_data,
    is_prose,
    is_record,
    is_settings,
    is_test,
    leads_elsewhere,
    suffix_of,
)
from mothball.core.references.reader import Reader
from mothball.core.references.sought import Everything, Sought
from mothball.core.references.surroundings import heads, is_listed, is_wide, line_before
from mothball.core.references.syntax import Place, Span, Spans, family_of
from mothball.core.references.texts import Lines
from mothball.core.references.world import World
from mothball.core.tree import parents

# A word begins where no other word goes on, and is taken at once: no place is looked at twice.
_WORD: Final = re.compile(r"://[^\s\"'<>()\[\]`]*+|(?<![\w@+~%-])[\w@+~%-]*+[/.][\w@+.~%/-]*+")
_OFTEN: Final = 200
"""The same word is claimed so many times in a text, and no more."""
_LONGEST: Final = 1000
# Before the quote of a string that is a path, whatever it looks like.
_INCLUDES: Final = re.compile(
    r"(?:\b(?:include|import|require(?:_relative)?|source|load|part|export|incbin|dofile|autoload|embed"
    r"|include_str!|include_bytes!|readmem[hb])|[`@.#](?:include|import|incbin))\s{0,4}\(?\s{0,4}$",
    re.IGNORECASE,
)
_OPENS: Final = re.compile(
    r"open|read|load|path|file|dir|fixture|include|import|require|resolve|join|exec|run|spawn|copy|source|cwd|root",
    re.IGNORECASE,
)
_EXPECTS: Final = re.compile(
    r"\b(?:assert\w*|expect\w*|should\w*|to(?:Equal|Be|Match|Contain|StrictEqual)\w*|EXPECT_\w+|ASSERT_\w+"
    r"|(?:logger?|log|console|logging)\.\w+|[Pp]rint\w*|[Ee]rrorf?|panic|echo|puts|warn|raise|throw|describe|it|help)\b\W"
)
# Before the quote of a string that people read, or before a word of settings.
_LABEL: Final = re.compile(
    r"\b(?:(?:(?:display|project)[._-]?names?|title|label|description|projectKey|project_?brief)[\"']?\s{0,9}[:=]"
    r"|names?[\"']?\s{0,9}:)\s{0,9}[\"'`]?$",
    re.IGNORECASE,
)
# Before the quote of a string that a shell runs.
_RUNS: Final = re.compile(r"(?i)\b(?:system|exec[lv]?p?e?|popen|shell_exec|passthru|qx|spawn\w*)\s*\(?\s*$")
_COMMAND: Final = re.compile(
    r"\s{0,9}(?:\S{0,40}/)?(?:python[\d.]{0,4}|node|bash|sh|zsh|make|cargo|go|npm|npx|yarn|pnpm|ruby|perl|php|java|gcc"
    r"|g\+\+|clang\S{0,20}|cat|cp|source|\.|pytest|cmake|docker|git|cd|deno|bun|Rscript|julia|lua|pwsh|cmd|env)\s"
)
_ENDS: Final = re.compile(r"\s*\Z|[:#?*{]\S")
_IMAGE: Final = re.compile(r"(?:\b|_)image[\"']?\s{0,9}[:?]?=\s{0,9}[\"'`]?$", re.IGNORECASE)
_BASED: Final = re.compile(r"[\"'`]?\s{0,9},\s{0,9}[\"'`]https?://")
_VARIABLE_ENDS: Final = ("}", ")", ">", "%s", "%")
_JOINS: Final = re.compile(r"(?:[+~]|\.\.|\.|,|<>|&|\bf|\|\|)\s{0,9}[\"'`]{0,3}$")
_ROOTS: Final = re.compile(
    r"(?:package\.json|pyproject\.toml|setup\.py|setup\.cfg|Cargo\.toml|go\.mod|CMakeLists\.txt|Makefile|Gemfile"
    r"|composer\.json|build\.gradle(?:\.kts)?|pom\.xml|mix\.exs|pubspec\.yaml|platformio\.ini|.*\.csproj)"
)


class Words(Reader):
    """Path-like words: strings of programs, words of settings, and what people only read."""

    kind = "word"
    files: ClassVar[tuple[str, ...]] = ("*",)
    gleans: ClassVar[bool] = True

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield a claim for every path-like word."""
        return self.sift(text, path, Everything())

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield a claim for every path-like word that ends with one of the names."""
        name = path.lower().rpartition("/")[2]
        if name == "mothball.toml":
            return
        if isinstance(names, Sought) and not names.are_in(text):
            return  # of three files in four no word has to be looked at
        sheet: _Sheet | None = None
        often = Counter[str]()
        for found in _WORD.finditer(text):
            word = found.group().rstrip(".")
            if word.rstrip("/").rpartition("/")[2] not in names or len(word) > _LONGEST:
                continue
            if not _is_path(word):
                continue
            often[word] += 1
            if often[word] <= _OFTEN:
                sheet = sheet or _Sheet(text, path)
                yield from sheet.claims(found.start(), word)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what a word may mean; with ``project`` also from the projects that the file is in."""
        if claim.lookup != "project":
            yield from world.places(claim.wanted, claim.bases, file)
            return
        yield from world.places(claim.wanted, (HERE,), file)
        roots = world.fact("word-roots", _project_roots)
        for above in parents(file):
            if above in roots:
                yield from world.places(claim.wanted, (above,), file)
        yield from world.places(claim.wanted, (ROOT,), file)


def _is_path(word: str) -> bool:
    """Say whether a word can be a path, once the full stop of a sentence is gone."""
    if word.startswith("://") or not word.strip("./") or not ("/" in word or "." in word):
        return False
    return not word.startswith("/") or "/" in word.strip("/")


def _project_roots(world: World) -> frozenset[str]:
    found = (path.rpartition("/") for path in world.files)
    return frozenset(above for above, _, name in found if _ROOTS.fullmatch(name))


class _Sheet:
    """A text, and what a word in it is taken for; worked out only when there is a word to ask for."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._is_config = is_settings(path)
        family = family_of(suffix_of(path)) or ("shell" if self._is_config or text.startswith("#!") else None)
        self._spans = Spans(text, family) if family else None
        self._is_code = family is not None and not self._is_config and not is_prose(path)
        self._is_idle = is_data(path) or is_record(path) or is_prose(path) or is_built(text)
        self._is_test = is_test(path)

    def claims(self, offset: int, word: str) -> Iterator[Claim]:
        """Yield what one word claims."""
        if self._text[offset - 1 : offset] == "$" and "/" in word:
            # The first part is the name of a variable: it is what follows that can be looked for.
            cut = word.index("/")
            yield from self._joined(offset + cut, word[cut:])
            return
        span = self._spans.at(offset) if self._spans else Span(offset, offset, Place.CODE)
        if self._is_idle or span.place is Place.COMMENT or is_wide(self._text, offset):
            yield self._prose(offset, word)
        elif span.place is Place.STRING:
            yield from self._in_string(offset, word, span)
        elif self._is_config and ("/" in word.strip("/") or is_listed(self._text, offset, word)):
            yield from self._setting(offset, word)
        else:
            yield self._prose(offset, word)

    def _in_string(self, offset: int, word: str, span: Span) -> Iterator[Claim]:
        before = self._text[max(span.start, offset - _LONGEST) : offset]
        after = self._text[offset + len(word) : min(span.end, offset + _LONGEST)]
        if self._is_behind(word, before, span):
            cut = word.index("/")
            yield from self._joined(offset + cut, word[cut:])
        elif before[-1:] in ("", " ") and "/" in word.strip("/") and _RUNS.search(self._lead(span)):
            # What builds a project runs where that is; of any other program nobody knows where it runs.
            yield self._exact(offset, word, doubtful=bool(before.strip()) and not self._is_config)
        elif before.strip() == "" and _ENDS.match(after):
            yield from self._whole(offset, word, span)
        elif word.startswith("/"):
            yield self._prose(offset, word)
        elif (before[-1:] in ("=", ",", ":", ";", "|", "<", "@") and " " not in before + after) or (
            _COMMAND.match(self._text, span.start) and not self._expects(offset)
        ):
            yield self._exact(offset, word, doubtful=True)
        else:
            yield self._prose(offset, word)

    def _lead(self, span: Span) -> str:
        return self._text[max(0, span.start - 60) : span.start].rpartition("\n")[2].rstrip("\"'`")

    def _whole(self, offset: int, word: str, span: Span) -> Iterator[Claim]:
        """Yield what a string claims that is a path from its beginning to its end."""
        lead = self._lead(span)
        if self._is_code and _INCLUDES.search(lead):
            yield self._exact(offset, word)
        elif "/" not in word.strip("/") or self._expects(offset) or self._is_elsewhere(lead, span):
            yield self._prose(offset, word)
        elif word.startswith("//") and self._is_config:
            yield self._exact(offset, word)
        elif word.startswith("/"):
            if "." in word.rpartition("/")[2]:
                yield self._exact(offset, word, doubtful=True)
        else:
            # Two directories up from here and down again: that something is there is no accident.
            climbs = word.startswith("../../")
            sure = climbs or self._opens(offset) or not (self._is_test or self._is_weak(word))
            yield self._exact(offset, word, doubtful=not sure)
            if sure and not word.startswith("."):
                yield self._claim(offset, word, bases=(HERE, ROOT, ABOVE), doubtful=True)

    def _setting(self, offset: int, word: str) -> Iterator[Claim]:
        before = self._text[max(0, offset - 1) : offset]
        if "/" not in word.strip("/"):
            yield self._claim(offset, word, bases=(HERE,))
        elif word.startswith("/") and before in ("}", ")", ">", "%"):
            yield from self._joined(offset, word)
        elif self._is_label(offset, word) or heads(self._text, offset, word):
            yield self._prose(offset, word)
        else:
            yield self._exact(offset, word)

    def _joined(self, offset: int, word: str) -> Iterator[Claim]:
        """Yield what follows something that only a running program knows."""
        name = word.strip("/")
        if "/" in name and "." in name.rpartition("/")[2]:
            idle = self._is_idle or (self._spans and self._spans.at(offset).place is Place.COMMENT)
            if not (idle or self._is_test or leads_elsewhere(self._text[max(0, offset - 100) : offset])):
                # What the top of the repository holds under this very path is meant.
                yield self._claim(offset, word, name=name, bases=(ROOT,), kind="path-join")
            yield self._claim(
                offset, word, name=name, bases=(ENDING,), doubtful=True, prose=bool(idle), kind="path-join"
            )

    def _exact(self, offset: int, word: str, *, doubtful: bool = False) -> Claim:
        return self._claim(offset, word, lookup="project", doubtful=doubtful)

    def _prose(self, offset: int, word: str) -> Claim:
        bases = (HERE, ROOT, ABOVE) if "/" in word.strip("/") else (HERE, ROOT)
        return self._claim(offset, word, bases=bases, prose=True, kind="word")

    def _claim(
        self,
        offset: int,
        word: str,
        *,
        name: str = "",
        kind: str = "",
        bases: tuple[str, ...] = (HERE, ROOT),
        lookup: str = "",
        doubtful: bool = False,
        prose: bool = False,
    ) -> Claim:
        line, column = self._lines.at(offset)
        return Claim(
            line=line,
            column=column,
            text=word,
            kind=kind or ("path-setting" if self._is_config else "path-string"),
            name=name,
            severity=Severity.CONFIG if self._is_config else Severity.HARD,
            bases=bases,
            lookup=lookup,
            doubtful=doubtful,
            prose=prose,
        )

    def _is_behind(self, word: str, before: str, span: Span) -> bool:
        """Say whether what a word begins with is put there by the running program."""
        if word.startswith("%"):
            return "/" in word
        if not word.startswith("/"):
            return False
        if before:
            return before.endswith(_VARIABLE_ENDS)
        return _JOINS.search(self._text[max(0, span.start - 20) : span.start]) is not None

    def _is_label(self, offset: int, word: str) -> bool:
        """Say whether a word is for people, or the name that registries know an image by."""
        line = line_before(self._text, offset)
        image = "." not in word.rpartition("/")[2] and _IMAGE.search(line) is not None
        return image or _LABEL.search(line) is not None

    def _is_elsewhere(self, lead: str, span: Span) -> bool:
        """Say whether a string is for people, or relative to another address."""
        return _LABEL.search(lead) is not None or _BASED.match(self._text, span.end) is not None

    def _opens(self, offset: int) -> bool:
        return _OPENS.search(line_before(self._text, offset)) is not None

    def _is_weak(self, word: str) -> bool:
        """Say whether a string of a program may as well be a route, a key or two words."""
        return self._is_code and not word.startswith(".") and "." not in word.rpartition("/")[2]

    def _expects(self, offset: int) -> bool:
        return self._is_code and _EXPECTS.search(line_before(self._text, offset)) is not None
