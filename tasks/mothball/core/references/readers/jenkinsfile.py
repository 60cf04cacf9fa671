"""Jenkinsfiles: the strings that they hand to a shell, and the directories they do it in."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import ROOT, Claim
from mothball.core.references.placed import slice_of
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_located
from mothball.core.references.texts import Lines

_TOKEN: Final = re.compile(
    r"//[^\n]*|/\*|(?P<word>\b(?:sh|bat|powershell|pwsh|dir|load|readFile|readJSON|readYaml|fileExists|filename|script"
    r"|returnStdout|returnStatus|label|file|additionalBuildArgs)\b)|(?P<quote>'''|\"\"\"|'|\")|(?P<open>\{)|(?P<close>\})"
)
_SHELLS: Final = frozenset({"sh", "bat", "powershell", "pwsh", "script"})
_FILES: Final = frozenset(
    {"load", "readFile", "readJSON", "readYaml", "fileExists", "filename", "dir", "file"}
)


class Jenkinsfiles(Reader):
    """Reads pipelines of Jenkins, by their calls."""

    kind: ClassVar[str] = "jenkins"
    files: ClassVar[tuple[str, ...]] = ("Jenkinsfile", "Jenkinsfile.*", "*.jenkinsfile", "*.Jenkinsfile")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what commands and calls name, from the directory of the block that they are in."""
        del path
        lines = Lines(text)
        stack, word, entered, at = [ROOT], "", None, 0
        while found := _TOKEN.search(text, at):
            at = found.end()
            if found["word"]:
                word = found["word"]
            elif found["open"]:
                stack.append(stack[-1] if entered is None else f"{stack[-1]}/{entered}".strip("/"))
                word, entered = "", None
            elif found["close"]:
                if len(stack) > 1:
                    stack.pop()
            elif found["quote"]:
                end = _string_end(text, at, found["quote"])
                if word in _SHELLS:
                    yield from claims_located(
                        slice_of(text, at, end, lines), kind="jenkins-command", bases=(stack[-1],)
                    )
                elif word in _FILES and 0 < end - at < 1000:
                    line, column = lines.at(at)
                    yield Claim(
                        line=line, column=column, text=text[at:end], kind="jenkins-file", bases=(stack[-1],)
                    )
                    entered = text[at:end] if word == "dir" else None
                at, word = end + len(found["quote"]), ""
            elif found.group() == "/*":
                end = text.find("*/", at)
                at = len(text) if end < 0 else end


def _string_end(text: str, at: int, quote: str) -> int:
    """Return where a string ends; one of a single line at the end of it."""
    while True:
        end = text.find(quote, at)
        newline = text.find("\n", at) if len(quote) == 1 else -1
        if end < 0 or 0 <= newline < end:
            return newline if newline >= 0 else len(text)
        if text[end - 1 : end] != "\\":
            return end
        at = end + 1
