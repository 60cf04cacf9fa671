"""Check results as JUnit XML, which every CI system reads."""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from mothball.core.checks import Outcome

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(name: str, outcomes: Sequence[Outcome]) -> bytes:
    """Return one test suite with one case a check; a notice is the case's output."""
    failures = sum(not outcome.passed for outcome in outcomes)
    numbers = {"tests": str(len(outcomes)), "failures": str(failures), "errors": "0"}
    suite = Element("testsuite", {"name": name, **numbers})
    for outcome in outcomes:
        case = SubElement(suite, "testcase", {"classname": name, "name": outcome.code})
        stops = [str(problem) for problem in outcome.problems if problem.blocking]
        notices = [str(problem) for problem in outcome.problems if not problem.blocking]
        if stops:
            failure = SubElement(case, "failure", {"message": _clean(outcome.title)})
            failure.text = _clean("\n".join(stops))
        if notices:
            SubElement(case, "system-out").text = _clean("\n".join(notices))
    return bytes(tostring(suite, encoding="utf-8", xml_declaration=True))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
