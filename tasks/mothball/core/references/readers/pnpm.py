"""pnpm-workspace.yaml: the members of a workspace."""

from collections.abc import Iterator
from typing import ClassVar

from mothball.core.references.claims import HERE, Claim, Unreadable
from mothball.core.references.config.yaml_events import scalars
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines


class PnpmWorkspace(Reader):
    """Globs and directories, each of which is to lead to a package.json."""

    kind = "pnpm"
    files: ClassVar[tuple[str, ...]] = ("pnpm-workspace.yaml",)
    always: ClassVar[bool] = True

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the members; what begins with ``!`` is none."""
        del path
        import yaml

        lines = Lines(text)
        try:
            for scalar in scalars(text):
                if scalar.keys == ("packages",) and not scalar.is_key and not scalar.raw.startswith("!"):
                    line, column = lines.at(scalar.offset)
                    yield Claim(
                        line=line,
                        column=column,
                        text=scalar.raw,
                        name=f"{scalar.raw}/package.json",
                        kind="pnpm-member",
                        bases=(HERE,),
                    )
        except (yaml.YAMLError, UnicodeError) as error:
            raise Unreadable(str(error)[:200]) from error
