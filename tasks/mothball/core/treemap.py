"""A tree of files as a picture: nested boxes whose area is the number of files. Geometry only."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import starmap
from typing import Final

from mothball.core.show import count, visible
from mothball.core.tree import parent

WIDTH: Final = 480.0
HEIGHT: Final = 360.0
SMALLEST: Final = 620.0
"""The area below which a directory is drawn as one, without what is in it."""
TINY: Final = 420.0
"""The area below which a directory is not drawn at all: its files are counted with their like."""
HEAD: Final = 17.0
"""The height of the line with a directory's name."""
_PAD: Final = 2.0
_LETTER: Final = 6.3
_LINE: Final = 13.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Its area."""
        return self.width * self.height

    def inner(self, pad: float, head: float = 0.0) -> "Box":
        """Return the box within, without a border and a line at the top."""
        width, height = max(self.width - 2 * pad, 0.0), max(self.height - 2 * pad - head, 0.0)
        return Box(self.x + pad, self.y + pad + head, width, height)

    @property
    def rounded(self) -> tuple[float, float, float, float]:
        """Its numbers as they are drawn."""
        return round(self.x, 1), round(self.y, 1), round(self.width, 1), round(self.height, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One rectangle of the picture.

    Attributes:
        box: where it is.
        kind: the kind of its files; ``""`` for the frame of a directory.
        title: what it stands for, in words.
        lines: what is written in it.
    """

    box: Box
    kind: str
    title: str
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class _Folder:
    path: str
    own: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    below: dict[str, "_Folder"] = field(default_factory=dict)


def picture(files: Iterable[tuple[str, str]]) -> tuple[Tile, ...]:
    """Draw files, each with its kind, from the outermost directory inwards."""
    root = _folder(files)
    if not root.own and not root.below:
        return ()
    return tuple(_inside(root, Box(0.0, 0.0, WIDTH, HEIGHT)))


def _folder(files: Iterable[tuple[str, str]]) -> _Folder:
    root = _Folder("")
    for (path, kind), number in Counter((parent(path), kind) for path, kind in files).items():
        here = root
        here.all[kind] += number
        for name in path.split("/") if path else ():
            place = f"{here.path}/{name}" if here.path else name
            here = here.below.setdefault(name, _Folder(place))
            here.all[kind] += number
        here.own[kind] += number
    return root


def _inside(folder: _Folder, box: Box) -> Iterator[Tile]:
    """Yield the tiles of what is in a directory."""
    least = TINY * folder.all.total() / box.area
    large = [below for below in folder.below.values() if below.all.total() >= least]
    items: list[tuple[int, str, _Folder | list[_Folder] | None]]
    items = [(below.all.total(), below.path, below) for below in large]
    items += [(number, kind, None) for kind, number in folder.own.items()]
    small = [below for below in folder.below.values() if below.all.total() < least]
    rest = sum((below.all for below in small), Counter[str]())
    items += [(number, kind, small) for kind, number in rest.items()]
    items.sort(key=lambda item: -item[0])
    for item, place in zip(items, squarified([item[0] for item in items], box), strict=True):
        number, name, below = item
        if isinstance(below, _Folder):
            yield from _nested(below, place, folder.path)
        else:
            where = _place(folder.path) if below is None else f"small directories of {_place(folder.path)}"
            yield _cell(where, name, number, place)


def _place(path: str) -> str:
    return f"{visible(path)}/" if path else "the root"


def _nested(folder: _Folder, box: Box, above: str) -> Iterator[Tile]:
    while len(folder.below) == 1 and not folder.own:
        [folder] = folder.below.values()
    inner = box
    if named := box.height >= 2 * HEAD and box.width >= 6 * _LETTER:
        total = folder.all.total()
        label = visible(folder.path[len(above) :].removeprefix("/") + "/")
        line = _fitting(label, box.width - 8, total)
        yield Tile(box=box, kind="", title=f"{_place(folder.path)}: {count(total, 'file')}", lines=(line,))
        inner = box.inner(_PAD, HEAD - _PAD)
    if inner.area >= SMALLEST and named:
        yield from _inside(folder, inner)
        return
    kinds = folder.all.most_common()
    for (kind, number), place in zip(kinds, squarified([each[1] for each in kinds], inner), strict=True):
        yield _cell(_place(folder.path), kind, number, place)


def _cell(where: str, kind: str, number: int, box: Box) -> Tile:
    inner = box.inner(0.5)
    fits = inner.width >= (len(f"{number:,}") + 1) * _LETTER and inner.height >= _LINE + 2
    return Tile(
        box=inner,
        kind=kind,
        title=f"{count(number, 'file')} in {where}",
        lines=(f"{number:,}",) if fits else (),
    )


def _fitting(label: str, width: float, number: int) -> str:
    """Cut the name of a directory to what fits, with its number of files where there is room for both."""
    room = int(width / _LETTER)
    whole = f"{label} {number:,}"
    if len(whole) <= room:
        return whole
    return label if len(label) <= room else label[: max(room - 1, 1)] + "…"


def squarified(weights: Sequence[float], box: Box) -> list[Box]:
    """Cut a box into one for each weight (sorted, largest first), each as near to a square as it goes."""
    total = sum(weights)
    if not total or not box.area:
        return [Box(box.x, box.y, 0.0, 0.0) for _ in weights]
    areas = [weight * box.area / total for weight in weights]
    placed: list[Box] = []
    start = 0
    while start < len(areas):
        side = min(box.width, box.height)
        end = start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(areas[start:end], side):
            end += 1
        row, box = _row(areas[start:end], box)
        placed += row
        start = end
    return placed


def _worst(row: Sequence[float], side: float) -> float:
    """Return the worst proportion of the boxes of a row along a side."""
    depth = sum(row) / side if side else 0.0
    if not depth:
        return float("inf")
    return max(max(depth * depth / area, area / (depth * depth)) if area else float("inf") for area in row)


def _row(areas: Sequence[float], box: Box) -> tuple[list[Box], Box]:
    """Place a row along the shorter side; return its boxes and what is left of the box."""
    total = sum(areas)
    if box.width >= box.height:
        depth = total / box.height if box.height else 0.0
        left = Box(box.x + depth, box.y, max(box.width - depth, 0.0), box.height)
        return list(starmap(Box, _stacked(areas, depth, box, upright=True))), left
    depth = total / box.width if box.width else 0.0
    left = Box(box.x, box.y + depth, box.width, max(box.height - depth, 0.0))
    return list(starmap(Box, _stacked(areas, depth, box, upright=False))), left


def _stacked(
    areas: Sequence[float], depth: float, box: Box, *, upright: bool
) -> Iterator[tuple[float, float, float, float]]:
    offset = 0.0
    for area in areas:
        length = area / depth if depth else 0.0
        if upright:
            yield box.x, box.y + offset, depth, length
        else:
            yield box.x + offset, box.y, length, depth
        offset += length
