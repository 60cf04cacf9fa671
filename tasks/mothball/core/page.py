"""The HTML report: one file that needs no network, in which no name and no plan can do anything."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from mothball.core.analysis.values import Analysis
from mothball.core.page_view import view
from mothball.core.show import visible

MARK: Final = b"<!doctype html><!-- mothball:report/"
"""How the page begins, by which a later run knows that it may replace the file."""
ASSETS: Final = ("report.html", "report.css", "report.js")
"""The files that the page is made of."""


def is_page(content: bytes) -> bool:
    """Say whether a file is an earlier page of ours, whatever its version."""
    return content.lstrip().startswith(MARK)


def html_page(analysis: Analysis, assets: Mapping[str, str]) -> str:
    """Return the page: same values, same bytes.

    Args:
        analysis: what it is about.
        assets: the texts of `ASSETS`, by their names.
    """
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    script, style = assets["report.js"], assets["report.css"]
    environment = Environment(
        loader=DictLoader({"report.html": assets["report.html"]}),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["prose"] = _prose
    environment.filters["number"] = lambda number: f"{number:,}"
    values = view(analysis)
    return environment.get_template("report.html").render(
        values,
        policy=_policy(script, style),
        # Both are ours, whole and unescaped: the policy holds their digests.
        script=Markup(script),  # noqa: S704
        style=Markup(style),  # noqa: S704
        data=Markup(_embedded(values["data"])),  # noqa: S704
    )


def _policy(script: str, style: str) -> str:
    """Return a content security policy that allows this script and this style, and no network at all."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}';"
        " base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _finalized(value: Any) -> Any:
    """Take out of any text what paints or turns it round; autoescape does the rest."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return visible(value)
    return value


def _prose(text: str) -> Any:
    """Return a plan's words with its code spans as such."""
    from markupsafe import Markup, escape

    parts = [escape(visible(part)) for part in text.split("`")]
    if len(parts) % 2 == 0:  # a backtick without a partner is only a letter
        return escape(visible(text))
    wrapped = (
        Markup("<code>{}</code>").format(part) if number % 2 else part for number, part in enumerate(parts)
    )
    return Markup().join(wrapped)


def _embedded(data: Any) -> str:
    """Return data as JSON that no HTML parser finds a tag, a comment or an entity in."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
