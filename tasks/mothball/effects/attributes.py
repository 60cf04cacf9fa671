"""Ask git for the attributes of paths (git-check-attr(1))."""

from collections.abc import Mapping, Sequence

from mothball.effects.git import Git


def attributes_of(git: Git, paths: Sequence[str], *options: str) -> Mapping[str, Mapping[str, str]]:
    """Return the attributes of each path that has any; what is unspecified is left out."""
    if not paths:
        return {}
    fields = git.fields("check-attr", *options, "-z", "--stdin", "--all", stdin=paths)
    found: dict[str, dict[str, str]] = {}
    for path, name, value in zip(fields[0::3], fields[1::3], fields[2::3], strict=True):
        found.setdefault(path, {})[name] = value
    return found
