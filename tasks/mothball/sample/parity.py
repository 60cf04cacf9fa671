"""The kept tests of the sample: the production kernel against plain softmax attention."""

CONFTEST = '''\
"""Let every test import ``flashcore`` and its neighbours, however pytest was started."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent

for folder in (TESTS, TESTS.parent):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
'''

PARITY = '''\
"""Parity of the production kernel with plain softmax attention.

Run it with pytest, or without: python3 tests/test_sdpa_parity.py
"""

import math
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flashcore.fast.attention_production import attention

TOLERANCE = 1e-12


def plain_attention(query, key, value, *, causal=False, scale=None):
    """The textbook: all scores of a row, then softmax, then the weighted sum."""
    factor = len(query[0]) ** -0.5 if scale is None else scale
    output = []
    for index, row in enumerate(query):
        seen = index + 1 if causal else len(key)
        scores = [factor * math.fsum(map(float.__mul__, row, column)) for column in key[:seen]]
        peak = max(scores)
        weights = [math.exp(score - peak) for score in scores]
        total = math.fsum(weights)
        columns = zip(*value[:seen], strict=True)
        output.append([math.fsum(map(float.__mul__, weights, column)) / total for column in columns])
    return output


def random_matrix(rows, width, seed, spread=1.0):
    """A matrix of normal deviates, the same for the same seed."""
    source = random.Random(seed)
    return [[source.gauss(0.0, spread) for _ in range(width)] for _ in range(rows)]


def largest_error(left, right):
    """The largest difference between two matrices of one shape."""
    pairs = (zip(mine, theirs, strict=True) for mine, theirs in zip(left, right, strict=True))
    return max(abs(mine - theirs) for row in pairs for mine, theirs in row)


def check(rows, columns, width, *, depth=None, tile=16, spread=1.0, **options):
    """Fail unless kernel and textbook agree on random matrices of this shape."""
    query = random_matrix(rows, width, 1, spread)
    key = random_matrix(columns, width, 2, spread)
    value = random_matrix(columns, depth or width, 3)
    fast = attention(query, key, value, tile=tile, **options)
    error = largest_error(fast, plain_attention(query, key, value, **options))
    if not error <= TOLERANCE:
        raise AssertionError(f"{rows}x{columns}x{width}, tile {tile}, {options}: off by {error:.3g}")


def test_square():
    check(16, 16, 8)


def test_one_row():
    check(1, 16, 8)


def test_tile_does_not_divide():
    check(7, 13, 5, tile=4)


def test_causal():
    check(12, 12, 8, causal=True, tile=5)


def test_large_logits():
    check(6, 20, 8, spread=30.0, tile=8)


def run(tests):
    """Run the test functions of a module's namespace; say how many passed."""
    found = [test for name, test in tests.items() if name.startswith("test_")]
    for test in found:
        test()
    print(f"{len(found)} parity tests passed")


if __name__ == "__main__":
    run(dict(globals()))
'''

COMPREHENSIVE = '''\
"""Parity over many shapes, tiles and options.

Run it with pytest, or without: python3 tests/test_sdpa_parity_comprehensive.py
"""

import itertools
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from flashcore.fast.attention_production import attention, sdpa
from test_sdpa_parity import TOLERANCE, check, largest_error, plain_attention, random_matrix, run

SHAPES = ((1, 1, 1), (2, 3, 4), (8, 8, 16), (5, 17, 3), (17, 5, 3), (32, 33, 8))
TILES = (1, 3, 16, 64)


def test_every_shape_with_every_tile():
    for shape, tile in itertools.product(SHAPES, TILES):
        check(*shape, tile=tile)


def test_every_square_shape_causal():
    for size, tile in itertools.product((1, 2, 9, 24), TILES):
        check(size, size, 4, tile=tile, causal=True)


def test_value_of_another_depth():
    check(6, 10, 8, depth=3, tile=4)


def test_given_scale():
    for scale in (0.0, 0.25, 2.0):
        check(5, 11, 4, scale=scale, tile=4)


def test_huge_logits_neither_overflow_nor_vanish():
    check(4, 19, 8, spread=200.0, tile=4)
    check(4, 19, 8, spread=1e-8, tile=4)


def test_the_peak_comes_last():
    key = [[float(row)] for row in range(40)]
    value = random_matrix(40, 2, 4)
    fast = attention([[50.0]], key, value, tile=7)
    assert_close(fast, plain_attention([[50.0]], key, value))


def test_heads_and_batches():
    query, key, value = ([[random_matrix(5, 4, 10 * part + head) for head in (0, 1)]] for part in (1, 2, 3))
    output = sdpa(query, key, value, tile=2)
    for head in (0, 1):
        assert_close(output[0][head], plain_attention(query[0][head], key[0][head], value[0][head]))


def test_shapes_that_do_not_fit():
    one = [[1.0]]
    for misfit in (([], one, one), (one, [], []), (one, one, []), (one, [[1.0, 2.0]], one)):
        try:
            attention(*misfit)
        except ValueError:
            continue
        raise AssertionError("the kernel took matrices that do not fit")


def assert_close(left, right):
    """Fail unless two matrices agree."""
    error = largest_error(left, right)
    if not error <= TOLERANCE:
        raise AssertionError(f"off by {error:.3g}")


if __name__ == "__main__":
    run(dict(globals()))
'''

FILES = {
    "tests/conftest.py": CONFTEST,
    "tests/test_sdpa_parity.py": PARITY,
    "tests/test_sdpa_parity_comprehensive.py": COMPREHENSIVE,
}
