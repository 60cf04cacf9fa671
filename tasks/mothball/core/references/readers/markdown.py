"""Pages in Markdown, whatever renders them: links, images, includes, and commands to run."""

from collections.abc import Container, Iterable, Iterator
from typing import ClassVar

from mothball.core.references.claims import Claim
from mothball.core.references.pages.addresses import PAGES, names_of_addresses
from mothball.core.references.pages.markdown import claims_of_markdown
from mothball.core.references.pages.targets import page_paths
from mothball.core.references.reader import Reader
from mothball.core.references.world import World


class Markdown(Reader):
    """Markdown of GitHub, MkDocs, Docusaurus, Jekyll, VitePress, Quarto, MyST and others."""

    kind = "markdown"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = (
        "*.md",
        "*.mdx",
        "*.markdown",
        "*.mdown",
        "*.mkd",
        "*.qmd",
        "*.rmd",
        "*.mdc",
        "*.md.j2",
        "*.md.in",
        "*.md.tmpl",
        "*.md.jinja",
        "*.mdwn",
        "*.rmarkdown",
    )
    moving: ClassVar[tuple[str, ...]] = PAGES

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what a page names."""
        return claims_of_markdown(text, path)

    def carried(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield the imports of a page that is a module: no other page fails with what it links."""
        yield from self.sift(text, path, names) if path.lower().endswith(".mdx") else ()

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that a renderer of pages would take."""
        return page_paths(claim, file, world)

    def needles(self, gone: Iterable[str], world: World) -> Iterator[str]:
        """Yield by which names the addresses of pages call those that go."""
        yield from names_of_addresses(gone, world)
