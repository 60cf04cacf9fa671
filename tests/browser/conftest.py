"""A real browser, headless, that opens pages from disk and writes down whatever it does."""

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mothball.core.analysis.values import Analysis
from mothball.core.page import ASSETS, html_page
from mothball.effects.assets import read_assets

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Seen:
    """A page that is open, and what happened in it."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def rows(self) -> list[list[str]]:
        """Return the cells of the rows in sight and near it."""
        script = "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
        found: list[list[str]] = self.page.locator("#window [role=row]").evaluate_all(script)
        return found

    @property
    def count(self) -> str:
        """What the page says of how many files it shows."""
        return self.page.locator("#count").text_content() or ""

    def search(self, text: str) -> None:
        """Type into the search, and wait until the page has answered."""
        self.page.get_by_role("searchbox", name="Search paths").fill(text)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has drawn what was asked of it."""
        frame = "() => new Promise(requestAnimationFrame)"
        self.page.evaluate(frame)
        self.page.evaluate(frame)


Open = Callable[..., Seen]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, where there is one."""
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed: pip install --group browser")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(PROGRAMS)} is installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=[*FLAGS])
        yield started
        started.close()


@pytest.fixture
def view(browser: "Browser") -> Iterator[Open]:
    """Open a file: ``view(place, color_scheme="dark")``."""
    contexts = []

    def run(place: Path, *, offline: bool = True, **options: Any) -> Seen:
        context = browser.new_context(offline=offline, **options)
        contexts.append(context)
        seen = Seen(context.new_page())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda message: seen.messages.append(message.text))
        seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
        seen.page.on("dialog", lambda dialog: seen.messages.append(dialog.message))
        seen.page.goto(place.as_uri())
        return seen

    yield run
    for context in contexts:
        context.close()


@pytest.fixture
def look(view: Open, tmp_path: Path) -> Open:
    """Write the page of an analysis and open it."""

    def run(analysis: Analysis, **options: Any) -> Seen:
        place = tmp_path / "page.html"
        place.write_text(html_page(analysis, read_assets(ASSETS)), encoding="utf-8")
        return view(place, **options)

    return run
