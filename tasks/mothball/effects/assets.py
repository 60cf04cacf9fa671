"""Read the files that the HTML report is made of, out of the package."""

from collections.abc import Iterable
from importlib.resources import files


def read_assets(names: Iterable[str]) -> dict[str, str]:
    """Return the texts of files of the package's folder ``assets``."""
    folder = files("mothball") / "assets"
    return {name: (folder / name).read_bytes().decode("utf-8") for name in names}
