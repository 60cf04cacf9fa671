"""The archive analysis as one JSON document, for programs; ``analysis.schema.json`` is its schema."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from mothball.core.analysis.facts import Facts
from mothball.core.analysis.values import Analysis, Moment
from mothball.core.analysis.verdict import placeless, state
from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from mothball.core.tree import Move

SCHEMA: Final = "mothball.analysis/1"
_OURS: Final = re.compile(rb'\s*\{\s*"schema"\s*:\s*"mothball\.analysis/')

Document = dict[str, Any]


def is_document(content: bytes) -> bool:
    """Say whether a file is an earlier document of ours, whatever its version."""
    return _OURS.match(content) is not None


def analysis_json(analysis: Analysis) -> str:
    """Return the document as text, one value a line: same values, same bytes."""
    return json.dumps(analysis_document(analysis), indent=1) + "\n"


def analysis_document(analysis: Analysis) -> Document:
    """Return the document: what is planned before a run, what was measured after it."""
    facts = Facts(analysis)
    plan = analysis.plan
    return {
        "schema": SCHEMA,
        "title": plan.title,
        "purpose": plan.purpose,
        "principle": plan.principle,
        "plan": {"file": plan.path.rpartition("/")[2], "digest": plan.digest},
        "state": state(analysis).lower().replace(",", "").replace(" ", "-"),
        "measured": analysis.run is not None,
        "head": _moment(analysis.head),
        "base": _moment(analysis.base),
        "run": _moment(analysis.run),
        "files": _files(facts),
        "keep": [{"title": keep.title, "files": len(facts.kept[keep.key])} for keep in plan.keep],
        "categories": [_category(facts, number) for number in range(len(facts.groups))],
        "metrics": _metrics(analysis),
        "closed": [
            {"pattern": each.pattern, "before": len(each.before), "after": len(each.after)}
            for each in facts.closed
        ],
        "moves": [_move(move) for move in sorted(analysis.moves, key=lambda move: move.source)],
        "kept": sorted(path for paths in facts.kept.values() for path in paths),
        "unclassified": list(facts.neither),
        "written": list(facts.new_pages),
        "rewritten": sorted(analysis.rewritten),
        "references": None if analysis.references is None else [asdict(each) for each in analysis.references],
        "checks": [_check(analysis, outcome) for outcome in analysis.grounds],
        "commands": {"not_run": len(plan.commands)},
    }


def _files(facts: Facts) -> Document:
    analysis = facts.analysis
    old, new = facts.outside
    return {
        "before": len(analysis.before),
        "after": len(analysis.after),
        "outside_before": old,
        "outside_after": new,
        "moved": len(analysis.moves),
        "staged": analysis.staged,
        "staged_by_others": analysis.others,
    }


def _category(facts: Facts, number: int) -> Document:
    group = facts.groups[number]
    return {
        "name": group.name,
        "title": group.title,
        "reason": group.reason,
        "files": len(group.moves),
        "earlier": group.earlier,
        "expected": group.expect,
        "destinations": list(group.places),
    }


def _metrics(analysis: Analysis) -> list[Document]:
    return [
        {
            "name": each.name,
            "patterns": list(each.patterns),
            "before": each.before,
            "after": each.after,
            "promised": each.promised,
            "met": None if each.promised is None else not each.broken,
        }
        for each in analysis.promises
    ]


def _moment(moment: Moment | None) -> Document | None:
    return None if moment is None else {"commit": moment.commit, "tree": moment.tree}


def _move(move: Move) -> Document:
    return {
        "from": move.source,
        "to": move.target,
        "mode": move.entry.mode,
        "blob": move.entry.blob,
        "category": move.category,
    }


def _check(analysis: Analysis, outcome: Outcome) -> Document:
    return {
        "code": outcome.code,
        "title": outcome.title,
        "passed": outcome.passed,
        "problems": _problems(analysis, outcome.problems),
    }


def _problems(analysis: Analysis, problems: Iterable[Problem]) -> list[Document]:
    """Return problems as data, without the paths of this machine."""
    return [
        {
            "code": each.code,
            "where": placeless(analysis, each.where),
            "found": placeless(analysis, each.found),
            "expected": placeless(analysis, each.expected),
            "remedy": placeless(analysis, each.remedy),
            "blocking": each.blocking,
        }
        for each in problems
    ]
