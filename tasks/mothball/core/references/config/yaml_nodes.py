"""Read YAML into nodes that know their places, without the recursion that deep nesting would bring down."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from mothball.core.references.claims import Unreadable
from mothball.core.references.placed import Placed, aligned
from mothball.core.references.texts import Lines

_DEEPEST: Final = 200


@dataclass(slots=True)
class Node:
    """A scalar with its ``value``, a list with ``items``, or a mapping with ``pairs``."""

    placed: Placed | None = None
    items: list["Node"] = field(default_factory=list)
    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)
    _key: "Node | None" = None

    @property
    def value(self) -> str:
        """Return the text of a scalar, nothing of others."""
        return self.placed.value if self.placed is not None else ""

    def get(self, *keys: str) -> "Node":
        """Return what stands below keys, one below the other; an empty node where there is nothing."""
        node = self
        for key in keys:
            node = next((value for name, value in node.pairs if name.value == key), _NOTHING)
        return node

    def scalars(self) -> Iterator["Node"]:
        """Yield the scalar itself, or those of a list of any depth; none of a mapping."""
        todo = [self]
        while todo:
            node = todo.pop()
            if node.placed is not None:
                yield node
            todo += reversed(node.items)

    def everywhere(self) -> Iterator["Node"]:
        """Yield all nodes at and below this one, but keys."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += [value for _, value in reversed(node.pairs)]
            todo += reversed(node.items)

    def put(self, child: "Node") -> None:
        """Add the next child, as a parser meets it."""
        if self._key is not None:
            self.pairs.append((self._key, child))
            self._key = None
        else:
            self._key = child


_NOTHING: Final = Node()


def yaml_documents(text: str) -> Iterator[Node]:
    """Yield the root of each document of a YAML text.

    Raises:
        Unreadable: when it is no YAML, or too deep.
    """
    import yaml

    lines = Lines(text)
    stack: list[tuple[Node, bool]] = []
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionEndEvent):
                node, _ = stack.pop()
            elif isinstance(event, yaml.NodeEvent):
                node = _node(event, text, lines)
                if stack:
                    above, is_list = stack[-1]
                    above.items.append(node) if is_list else above.put(node)
                if isinstance(event, yaml.CollectionStartEvent):
                    stack.append((node, isinstance(event, yaml.SequenceStartEvent)))
                    if len(stack) > _DEEPEST:
                        raise Unreadable("it is nested too deeply", lines.at(_index(event.start_mark))[0])
                    continue
            else:
                continue
            if not stack:
                yield node
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise Unreadable(f"{error.problem or 'it is no YAML'}", line) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise Unreadable("it holds characters that YAML does not allow") from error


def _node(event: object, text: str, lines: Lines) -> Node:
    import yaml

    if not isinstance(event, yaml.ScalarEvent):
        return Node()
    first, last = _index(event.start_mark), _index(event.end_mark)
    if event.tag is not None or text[first : first + 1] in {"&", "!"}:
        first += _properties(text[first:last])
    return Node(placed=aligned(event.value, text, first, last, lines))


def _index(mark: Any) -> int:
    """Return the offset of a mark: an event of a text always has one, though its type does not say so."""
    return int(mark.index) if mark is not None else 0


def _properties(raw: str) -> int:
    """Return how long the tag and the anchor before a scalar are."""
    at = 0
    while at < len(raw) and raw[at] in "&! \t\n":
        if raw[at] in "&!":
            while at < len(raw) and not raw[at].isspace():
                at += 1
        else:
            at += 1
    return at
