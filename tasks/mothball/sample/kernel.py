"""The production kernel of the sample."""

FILES = {
    "flashcore/fast/attention_production.py": '''\
"""The production kernel: attention in tiles, with an online softmax, in plain Python.

One pass over the keys. Each query row keeps the largest score so far, the sum of the exponentials and
the weighted sum of the values; a new tile rescales all three, so a row of scores is never held whole.
"""

import math

Matrix = list[list[float]]

TILE = 16


def attention(
    query: Matrix,
    key: Matrix,
    value: Matrix,
    *,
    causal: bool = False,
    scale: float | None = None,
    tile: int = TILE,
) -> Matrix:
    """Attend with one head: softmax(query x key^T x scale) x value.

    The scale is 1/sqrt(width) unless given. With ``causal``, row i sees the columns 0 to i.
    """
    check_shapes(query, key, value, tile)
    factor = 1.0 / math.sqrt(len(query[0])) if scale is None else scale
    output = []
    for index, row in enumerate(query):
        seen = min(index + 1, len(key)) if causal else len(key)
        output.append(attend_row(row, key[:seen], value[:seen], factor, tile))
    return output


def attend_row(row: list[float], key: Matrix, value: Matrix, factor: float, tile: int) -> list[float]:
    """Attend with one query row, ``tile`` keys at a time."""
    peak, total = -math.inf, 0.0
    output = [0.0] * len(value[0])
    for start in range(0, len(key), tile):
        scores = [factor * dot(row, column) for column in key[start : start + tile]]
        top = max(peak, *scores)
        fade = math.exp(peak - top)
        weights = [math.exp(score - top) for score in scores]
        total = total * fade + sum(weights)
        columns = zip(*value[start : start + tile], strict=True)
        output = [old * fade + dot(weights, column) for old, column in zip(output, columns, strict=True)]
        peak = top
    return [entry / total for entry in output]


def sdpa(query, key, value, **options):
    """Attend with every head of every batch: [batch][head][row][width], options as for ``attention``."""
    return [
        [attention(*head, **options) for head in zip(*heads, strict=True)]
        for heads in zip(query, key, value, strict=True)
    ]


def dot(left, right) -> float:
    """The scalar product."""
    return sum(a * b for a, b in zip(left, right, strict=True))


def check_shapes(query: Matrix, key: Matrix, value: Matrix, tile: int) -> None:
    """Raise a ValueError where the three matrices do not fit together."""
    if not query or not key:
        raise ValueError("query and key need at least one row")
    if len(key) != len(value):
        raise ValueError(f"{len(key)} keys, but {len(value)} values")
    if len(query[0]) != len(key[0]):
        raise ValueError(f"query is {len(query[0])} wide, but key is {len(key[0])}")
    if tile < 1:
        raise ValueError(f"a tile of {tile} keys")
''',
}
