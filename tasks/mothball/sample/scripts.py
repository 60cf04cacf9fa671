"""The 21 build scripts and 36 test scripts of the sample, each written from its name."""

from string import Template

BUILDS = (
    *("", "64x64", "cpasync", "cutlass", "fa3", "fa3_simple", "fa3_v2", "fa3_v3", "fa3_v3_1", "fa3_v4"),
    *("fa3_v5", "fa3_v6_opt_vec", "fa3_v6_wmma", "fa3_v7_1_wmma_pv_fixed", "fa3_v7_wmma_pv", "fp32p"),
    *("fused", "phase1", "pipeline", "wmma", "wmma_v2"),
)
"""What follows ``build_``; the empty name is ``build.py``."""

PIECES = {
    "scores": ("debug_analysis", "qk_only", "single_tile"),
    "values": ("pv_only", "pv_serial"),
    "softmax": ("softmax_only",),
    "ring": (
        *("v8_dynamic", "v9_warp_spec", "v9_1_verified", "v9_3_excellence"),
        *("v10_3stage", "v11_persistent", "v12_expert", "v13_excellence"),
    ),
}
"""The test scripts that build nothing, by the piece of the kernel that they try."""

LATER_PHASES = ("phase2", "phase2_2")
"""The test scripts that go on with what ``build_phase1`` built."""

FEATURES = ("cpasync", "cutlass", "fp32p", "fused", "opt_vec", "pipeline", "pv", "simple", "wmma")
"""The parts of a name that became a compiler flag."""

BUILD = Template('''\
"""Build the $title kernel, iteration $number on the way to production."""

import math

NAME = "$name"
TILE = $tile
FLAGS = ($flags)


def build():
    """The compiler's argument list. The CUDA source was never committed."""
    return ["nvcc", *FLAGS, "-o", NAME + ".so", NAME + ".cu"]


def softmax(scores):
    """The softmax of one row, TILE scores at a time, as this iteration did it."""
    peak, total = -math.inf, 0.0
    for start in range(0, len(scores), TILE):
        tile = scores[start : start + TILE]
        top = max(peak, *tile)
        total = total * math.exp(peak - top) + sum(math.exp(score - top) for score in tile)
        peak = top
    return [math.exp(score - peak) / total for score in scores]


if __name__ == "__main__":
    print(" ".join(build()))
''')

TEST = Template('''\
"""Try the $title kernel: does its softmax agree with the textbook?"""

import math

import $module


def test_$name():
    scores = [math.sin($number + column) * 9 for column in range(3 * $module.TILE + 1)]
    total = math.fsum(math.exp(score) for score in scores)
    for score, weight in zip(scores, $module.softmax(scores), strict=True):
        assert math.isclose(weight, math.exp(score) / total, rel_tol=1e-12)


if __name__ == "__main__":
    test_$name()
    print("ok", $module.NAME, "with tiles of", $module.TILE)
''')

BODIES = {
    "scores": """\
    query, key = [$number.0, -1.0, 0.5], [[1.0, 2.0, 4.0], [0.0, $number.0, 2.0]]
    scores = [sum(a * b for a, b in zip(query, column, strict=True)) for column in key]
    assert scores == [$number.0, 1.0 - $number.0]
""",
    "values": """\
    weights, value = [0.25, 0.75], [[$number.0, 4.0], [$number.0, 8.0]]
    output = [sum(w * v for w, v in zip(weights, column, strict=True)) for column in zip(*value, strict=True)]
    assert output == [$number.0, 7.0]
""",
    "softmax": """\
    weights = [2.0**power for power in range($number)]
    softmax = [weight / sum(weights) for weight in weights]
    assert abs(sum(softmax) - 1.0) < 1e-12
    assert softmax == sorted(softmax)
""",
    "ring": """\
    ring, read = [None] * STAGES, []
    for tile in range(TILES + STAGES):
        if tile >= STAGES:
            read.append(ring[tile % STAGES])
        ring[tile % STAGES] = tile
    assert read == list(range(TILES))
""",
}

PIECE = Template('''\
"""Try a piece of the $title kernel by itself: $piece."""
$constants

def test_$name():
$body

if __name__ == "__main__":
    test_$name()
    print("ok $name")
''')


def files() -> dict[str, str]:
    """The path and content of all 57 scripts."""
    tests = [(name, f"build_{name}") for name in BUILDS if name]
    tests += [(name, "build_phase1") for name in LATER_PHASES]
    pieces = [(name, piece) for piece, names in PIECES.items() for name in names]
    numbered = enumerate(pieces, start=len(BUILDS) + 1)
    return {
        **{_path("build", name): _build(number, name) for number, name in enumerate(BUILDS, start=1)},
        **{
            _path("test", name): _test(number, name, module)
            for number, (name, module) in enumerate(tests, start=2)
        },
        **{_path("test", name): _piece(number, name, piece) for number, (name, piece) in numbered},
    }


def _path(kind: str, name: str) -> str:
    return f"flashcore/{kind}_{name}.py" if name else f"flashcore/{kind}.py"


def _build(number: int, name: str) -> str:
    tile = 64 if name == "64x64" else 4 + 4 * (number % 5)
    flags = ["-O3", f"-DTILE={tile}", *(f"-DUSE_{word.upper()}" for word in FEATURES if word in name)]
    text = BUILD.substitute(
        title=_title(name),
        number=number,
        name=name or "flashcore",
        tile=tile,
        flags=", ".join(f'"{flag}"' for flag in flags),
    )
    return text if name else f"#!/usr/bin/env python3\n{text}"


def _test(number: int, name: str, module: str) -> str:
    return TEST.substitute(title=_title(name), number=number, name=name, module=module)


def _piece(number: int, name: str, piece: str) -> str:
    constants = f"\nSTAGES = {number % 4 + 2}\nTILES = {number}\n" if piece == "ring" else ""
    body = Template(BODIES[piece]).substitute(number=number)
    return PIECE.substitute(title=_title(name), name=name, piece=piece, constants=constants, body=body)


def _title(name: str) -> str:
    return name.replace("_", " ") or "first"
