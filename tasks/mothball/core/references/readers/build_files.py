"""Meson, Bazel and Buck, Kconfig, Jam: what strings in build files name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.reader import Reader
from mothball.core.references.shell.places import has_suffix
from mothball.core.references.texts import Lines, words

_CALL: Final = re.compile(
    r"(?P<comment>#[^\n]*)|(?P<call>\b[A-Za-z_]\w*)\s*\(|(?P<key>\b[A-Za-z_]\w*)\s*[=:](?!=)"
    r"|'''|\"\"\"|'(?P<one>[^'\n\\]*)'|\"(?P<two>[^\"\n\\]*)\"|(?P<close>[)\]])|(?P<open>[(\[])"
)
_ADDED: Final = re.compile(r"'@\d@(\.[\w.]{1,12})'\.format|\+\s{0,9}'(\.[\w.]{1,12})'")
"""The suffixes that a script adds to the names it loops over."""
_MESON_DIRECTORIES: Final = frozenset({"subdir", "include_directories"})
_NO_FILES: Final = frozenset(
    {"project", "message", "error", "warning", "dependency", "option", "get_option", "summary", "subproject"}
    | {"add_languages", "run_command", "assert", "description", "name", "title", "summary", "install_dir"}
    | {
        "output",
        "deps_",
        "visibility",
        "tags",
        "out",
        "outs",
        "cmd_",
        "licenses",
        "strip_prefix",
        "url",
        "urls",
    }
    | {"prefix", "include_prefix", "import_prefix", "remote", "repo", "sha256", "strip_include_prefix"}
)


class MesonBuilds(Reader):
    """Reads meson.build: what calls name, from the directory of the file."""

    kind: ClassVar[str] = "meson"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("meson.build", "meson_options.txt", "meson.options")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield directories, sources and programs."""
        del path
        suffixes = sorted({one or two for one, two in _ADDED.findall(text)})
        added = suffixes[0] if len(suffixes) == 1 else f"{{{','.join(suffixes)}}}"
        for call, key, claim in _strings(text, "meson"):
            if claim.prose:
                yield claim
            elif call in _NO_FILES or key in _NO_FILES:
                continue
            elif call == "subdir":
                yield replace(claim, name=claim.text.rstrip("/") + "/meson.build", carries=True)
            elif call in _MESON_DIRECTORIES or "/" in claim.text or has_suffix(claim.text):
                yield claim
            elif suffixes:
                yield replace(claim, name=claim.text + added, bases=(HERE,))


class BazelBuilds(Reader):
    """Reads Bazel's and Buck's files: labels, sources, globs."""

    kind: ClassVar[str] = "bazel"
    files: ClassVar[tuple[str, ...]] = (
        "BUILD",
        "BUILD.bazel",
        "*.bzl",
        "BUCK",
        "WORKSPACE",
        "WORKSPACE.bazel",
        "MODULE.bazel",
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what labels and file names stand for."""
        del path
        for call, key, claim in _strings(text, "bazel"):
            label = claim.text
            if claim.prose:
                yield claim
            elif key in _NO_FILES or label.startswith("@") or "://" in label:
                continue
            elif label.startswith("//"):
                yield from _label(claim)
            elif call == "glob":
                yield replace(claim, severity=Severity.MASKED)
            elif label.startswith(":"):
                yield replace(claim, name=label[1:])
            elif "/" in label or has_suffix(label):
                yield claim


class KconfigFiles(Reader):
    """Reads Kconfig: the files that it sources, and those that are the values of options."""

    kind: ClassVar[str] = "kconfig"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("Kconfig", "Kconfig.*", "*.kconfig", "Config.in", "Config.in.*")

    _source: Final = re.compile(r"^[ \t]*(o?r?source)[ \t]+\"?([^\"\n#]+)", re.MULTILINE)

    _default: Final = re.compile(
        r"^[ \t]*(?:default|def_string)[ \t]+\"([\w.@+-]+/[\w./@+-]*\.\w+)\"", re.MULTILINE
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what is a default, then what is sourced, from the root or the directory of the file."""
        del path
        lines = Lines(text)
        for found in self._default.finditer(text):
            line, column = lines.at(found.start(1))
            yield Claim(
                line=line,
                column=column,
                text=found[1],
                kind="kconfig-default",
                severity=Severity.CONFIG,
                bases=(ROOT,),
            )
        for found in self._source.finditer(text):
            raw = found[2].strip()
            if len(raw) > 500:
                continue
            name = re.sub(r"\$\(?\w+\)?", "*", raw) if not raw.startswith("$") else raw.partition("/")[2]
            line, column = lines.at(found.start(2))
            yield Claim(
                line=line,
                column=column,
                text=raw,
                kind="kconfig-source",
                name=name,
                severity=Severity.MASKED if found[1].startswith("o") else Severity.HARD,
                bases=(HERE,) if found[1].endswith("rsource") else (ROOT, HERE, ABOVE),
                carries=not found[1].startswith("o"),
            )


_JAM_SEARCH: Final = re.compile(
    r"\b(?:SEARCH_SOURCE|SEARCH[ \t]+on[^=;]{1,2000})[ \t\n]*\+?=[^;]{1,2000};|\bSEARCH_SOURCE[^;]{1,2000};"
)
_JAM_PARTS: Final = re.compile(r"FDirName[ \t\n]+\$\((\w+)\)((?:[ \t\n]+[\w.+-]+)+)")


class JamFiles(Reader):
    """Reads Jam: names between spaces, without quotes."""

    kind: ClassVar[str] = "jam"
    files: ClassVar[tuple[str, ...]] = ("Jamfile", "Jamroot", "Jamfile.*", "*.jam", "Jamroot.*", "Jamrules")

    _word: Final = re.compile(r"#[^\n]*|\"([^\"\n]*)\"|[^\s;:\"]+")
    _top: Final = re.compile(r"\$\((?:TOP|HAIKU_TOP|SUBDIR|ROOT)\)/?")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the words that may be files; ``SubInclude TOP a b`` names a directory by its parts."""
        del path
        lines = Lines(text)
        words_of_line: list[tuple[int, str]] = []
        line_before = 0
        searched = tuple(dict.fromkeys(_searched(text)))
        for found in self._word.finditer(text):
            group = 1 if found[1] is not None else 0
            line, column = lines.at(found.start(group))
            raw = found[group]
            if raw.startswith("#"):
                continue
            if line != line_before:
                words_of_line, line_before = [], line
            words_of_line.append((column, raw))
            yield from self._included(words_of_line, line)
            name = self._top.sub("", re.sub(r"^<[\w-]+>", "", raw))
            if ("/" in name or has_suffix(name)) and len(name) < 500 and "://" not in name:
                yield Claim(
                    line=line,
                    column=column,
                    text=raw,
                    kind="jam-file",
                    name=re.sub(r"\$\(\w+\)", "*", name),
                    bases=(HERE, ROOT, *searched),
                )

    @staticmethod
    def _included(found: list[tuple[int, str]], line: int) -> Iterator[Claim]:
        if len(found) > 2 and found[0][1] == "SubInclude":
            parts = [word for _, word in found[2:]]
            if len(parts) < 12:
                name = "/".join(parts) + "/Jamfile"
                yield Claim(
                    line=line,
                    column=found[-1][0],
                    text=found[-1][1],
                    kind="jam-include",
                    name=name,
                    bases=(ROOT,),
                )


def _searched(text: str) -> Iterator[str]:
    """Yield the directories in which Jam looks for sources, as bases."""
    for found in _JAM_SEARCH.finditer(text):
        for start, parts in _JAM_PARTS.findall(found[0]):
            path = "/".join(parts.split())
            yield f"./{path}" if start == "SUBDIR" else path


def _label(claim: Claim) -> Iterator[Claim]:
    package, sign, target = claim.text[2:].partition(":")
    package = package.removesuffix("/...")
    if not package and not target:
        return
    target = target if sign else ""
    build = f"{package}/{{BUILD,BUILD.bazel,BUCK}}" if package else "{BUILD,BUILD.bazel,BUCK}"
    name = f"{package}/{target}" if target and has_suffix(target) and not target.startswith("lib") else build
    # A repository may hold several workspaces: the root of one is above the file.
    yield replace(claim, name=name, bases=(ROOT, ABOVE))


def _strings(text: str, kind: str) -> Iterator[tuple[str, str, Claim]]:
    """Yield each string, with the call and the keyword argument that it stands in."""
    lines = Lines(text)
    stack: list[str] = []
    key = ""
    for found in _CALL.finditer(text):
        if found["comment"]:
            for offset, word in words(found["comment"]):
                line, column = lines.at(found.start() + offset)
                yield "", "", Claim(line=line, column=column, text=word, kind=f"{kind}-text", prose=True)
        elif found["call"]:
            stack.append(found["call"])
            key = ""
        elif found["open"]:
            stack.append(stack[-1] if stack else "")
        elif found["close"]:
            if stack:
                stack.pop()
            key = key if found["close"] == "]" else ""
        elif found["key"]:
            key = found["key"]
        else:
            group = "one" if found["one"] is not None else "two"
            value = found[group]
            if value and len(value) < 500:
                line, column = lines.at(found.start(group))
                claim = Claim(line=line, column=column, text=value, kind=f"{kind}-string", bases=(HERE, ROOT))
                yield stack[-1] if stack else "", key, claim
