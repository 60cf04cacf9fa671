"""What was found of references: for people, as JSON, as SARIF, as annotations of GitHub."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from mothball.cli.terminal import console, hang, mark, shown
from mothball.core.checks.references import counted
from mothball.core.references.causes import by_cause, common_remedy
from mothball.core.references.findings import Comparison, Direction, Finding, Verdict
from mothball.core.show import count, visible

LISTED: Final = 30
"""Causes of breaks that are told one by one."""
ALIKE: Final = 5
"""Places that are told of one cause, and of what is no break in a file that stays."""
_SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Verdict.BREAK: "error", Verdict.UNKNOWN: "warning", Verdict.MENTION: "note"}


def show_comparison(found: Comparison) -> None:
    """Print every break, some of the rest, and what was read."""
    screen = console()
    fallen = [one for one in found.breaks() if one.follows]
    broken = [one for one in found.breaks() if not one.follows]
    _tell_causes(broken, screen)
    _tell_fallen(fallen, screen)
    inbound = [one for one in found.findings if one.direction is Direction.INBOUND]
    unknown = [one for one in inbound if one.verdict is Verdict.UNKNOWN]
    _tell(unknown, "notice", "place to look at", ALIKE, screen)
    for words, where in counted(found):
        hang(screen, mark("notice", screen), shown(f"{words}, such as {where} (--json lists them)"))
    if found.chains_cut:
        hang(
            screen,
            mark("notice", screen),
            Text("more files fall with these; chains were followed no further"),
        )
    screen.print(shown(_read(found), "dim"))
    if broken or fallen:
        files = count(len({one.file for one in broken}), "file")
        rest = f"; {_fall(fallen)}" if fallen else ""
        screen.print(Text(f"{count(len(broken), 'break')} in {files}{rest}.", style="bold red"))
    else:
        named = any(one.verdict is not Verdict.BREAK for one in inbound)
        said = "Nothing breaks." if named else "Nothing that stays names anything that goes."
        screen.print(Text(said, style="bold green"))


def _tell_causes(findings: Sequence[Finding], screen: Console) -> None:
    """Print breaks by what moved: each where these are few, else the first places of each cause."""
    causes = by_cause(findings)
    for some in causes[:LISTED]:
        if len(some) <= ALIKE // 2:
            _tell(some, "blocked", "break", len(some), screen)
            continue
        hang(
            screen,
            mark("blocked", screen),
            Text.assemble(shown(some[0].evidence, "bold"), f": {len(some):,} places break"),
        )
        for finding in some[:ALIKE]:
            hang(screen, Text("    "), _place(finding))
        if len(some) > ALIKE:
            files = count(len({one.file for one in some[ALIKE:]}), "file")
            rest = f"and {len(some) - ALIKE:,} more in {files}; --json lists all"
            hang(screen, Text("    "), Text(rest, style="dim"))
        hang(screen, Text("  "), shown(common_remedy(some), "dim"))
    if len(causes) > LISTED:
        rest = f"and {count(len(causes) - LISTED, 'more cause')}; --json lists all"
        hang(screen, Text("  "), Text(rest, style="dim"))


def _tell_fallen(findings: Sequence[Finding], screen: Console) -> None:
    """Print how many files name nothing that goes, but need one that breaks."""
    if not findings:
        return
    hang(screen, mark("blocked", screen), Text(f"{_fall(findings)}, needing one of them", style="bold"))
    for finding in findings[:ALIKE]:
        hang(screen, Text("    "), _place(finding))
    if len(findings) > ALIKE:
        rest = f"and {len(findings) - ALIKE:,} more; --json lists all, each with its chain"
        hang(screen, Text("    "), Text(rest, style="dim"))


def _fall(findings: Sequence[Finding]) -> str:
    number = len({one.file for one in findings})
    return f"{count(number, 'more file')} {'falls' if number == 1 else 'fall'} with these"


def _place(finding: Finding) -> Text:
    return Text.assemble(
        shown(finding.where, "bold"), "  ", shown(finding.target), (f"  {finding.kind}", "dim")
    )


def _tell(findings: Sequence[Finding], state: str, noun: str, limit: int, screen: Console) -> None:
    for finding in findings[:limit]:
        hang(screen, mark(state, screen), _place(finding))
        hang(screen, Text("  "), shown(f"{finding.evidence}. ", ""))
        hang(screen, Text("  "), shown(finding.remedy, "dim"))
    if len(findings) > limit:
        rest = f"and {count(len(findings) - limit, noun)} more; --json lists all"
        hang(screen, Text("  "), Text(rest, style="dim"))


def _read(found: Comparison) -> str:
    reasons = Counter(
        "binary" if one.reason == "binary" else "too large" if "bytes" in one.reason else one.reason
        for one in found.skipped
    )
    why = ", ".join(f"{number:,} {reason}" for reason, number in sorted(reasons.items()))
    return f"Read {count(found.files_read, 'file')}" + (f"; skipped {why}." if why else ".")


def document(found: Comparison) -> dict[str, Any]:
    """Return the JSON document; its schema is versioned by ``schema_version``."""
    return {
        "schema_version": 1,
        "schema": "mothball.references/1",
        "files_read": found.files_read,
        "files_skipped": [{"file": one.file, "reason": one.reason} for one in found.skipped],
        "chains_cut": found.chains_cut,
        "findings": [_row(finding) for finding in found.findings],
        "dangling": [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "kind": one.kind,
                "target": one.target,
            }
            for one in found.dangling
        ],
    }


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "direction": finding.direction,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "kind": finding.kind,
        "target": finding.target,
        "old_path": finding.old_path,
        "new_path": finding.new_path,
        "evidence": finding.evidence,
        "remedy": finding.remedy,
    }


def sarif(found: Comparison) -> str:
    """Return the findings in files that stay as a SARIF 2.1.0 log."""
    results = [_result(one) for one in found.findings if one.direction is Direction.INBOUND]
    rules = sorted({result["ruleId"] for result in results})
    driver = {
        "name": "mothball",
        "rules": [{"id": rule, "shortDescription": {"text": rule.replace("-", " ")}} for rule in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _result(finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
    if finding.line:
        place["region"] = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.verdict],
        "message": {"text": visible(f"{finding.evidence}. {finding.remedy}")},
        "locations": [{"physicalLocation": place}],
    }


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"))
