"""The kept scripts of the sample: validation with its records, latency, correctness, a first example."""

EXPERT = '''\
#!/usr/bin/env python3
"""Validate the production kernel: correctness first, then the median latency.

    python3 flashcore/benchmark/expert_validation.py           rewrites expert_validation_results.json
    python3 flashcore/benchmark/expert_validation.py --check   writes nothing, prints the verdict
"""

import argparse
import json
import platform
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from flashcore.fast.attention_production import attention

RESULTS = HERE / "expert_validation_results.json"
RECORDS = (RESULTS, HERE / "expert_validation_results_l4.json")
SHAPES = ((4, 4, 4), (8, 16, 8), (16, 16, 16))
TOLERANCE = 1e-9
TRIALS = 15


def matrix(rows, width, phase):
    """A matrix that needs no random numbers."""
    entries = [((7 * index + phase) % 11) / 5.0 - 1.0 for index in range(rows * width)]
    return [entries[start : start + width] for start in range(0, rows * width, width)]


def largest_error(left, right):
    """The largest difference between two matrices of one shape."""
    rows = zip(left, right, strict=True)
    return max(abs(a - b) for mine, theirs in rows for a, b in zip(mine, theirs, strict=True))


def measure(rows, columns, width):
    """One record: the median latency in microseconds, and how far the tiles are from one whole tile."""
    query, key, value = matrix(rows, width, 1), matrix(columns, width, 2), matrix(columns, width, 3)
    whole = attention(query, key, value, tile=columns)
    times = []
    for _ in range(TRIALS):
        start = time.perf_counter_ns()
        tiled = attention(query, key, value, tile=3)
        times.append((time.perf_counter_ns() - start) / 1000)
    error = largest_error(whole, tiled)
    return {
        "shape": [rows, columns, width],
        "median_us": round(statistics.median(times), 3),
        "max_error": error,
        "correct": error <= TOLERANCE,
    }


def broken_records():
    """The committed records that cannot be read or report a wrong result."""
    for path in RECORDS:
        try:
            results = json.loads(path.read_text(encoding="utf-8"))["results"]
            correct = bool(results) and all(result["correct"] for result in results)
        except (OSError, ValueError, KeyError, TypeError):
            correct = False
        if not correct:
            yield path.name


def main():
    """Measure, then print the verdict or write the record."""
    parser = argparse.ArgumentParser(description="Validate the production kernel.")
    parser.add_argument("--check", action="store_true", help="write nothing, print the verdict")
    check = parser.parse_args().check
    results = [measure(*shape) for shape in SHAPES]
    for result in results:
        print("{shape}: {median_us} us, error {max_error:.1e}".format(**result))
    correct = all(result["correct"] for result in results)
    if not check:
        record = {"device": platform.machine() + " CPU", "trials": TRIALS, "results": results}
        RESULTS.write_text(json.dumps(record, indent=2) + "\\n", encoding="utf-8")
    broken = list(broken_records())
    for name in broken:
        print(f"bad record: {name}")
    print("PASS" if correct and not broken else "FAIL")
    return 0 if correct and not broken else 1


if __name__ == "__main__":
    sys.exit(main())
'''

H100 = """\
{
  "device": "NVIDIA H100 80GB HBM3",
  "source": "sample record, made up",
  "trials": 1000,
  "results": [
    {
      "shape": [512, 512, 64], "batch": 8,
      "median_us": 4.573, "p95_us": 4.719, "max_error": 0.00195, "correct": true
    },
    {
      "shape": [512, 512, 64], "batch": 16,
      "median_us": 3.154, "p95_us": 3.298, "max_error": 0.00195, "correct": true
    },
    {
      "shape": [512, 512, 64], "batch": 32,
      "median_us": 2.081, "p95_us": 2.203, "max_error": 0.00195, "correct": true
    }
  ]
}
"""

L4 = """\
{
  "device": "NVIDIA L4",
  "source": "sample record, made up",
  "trials": 500,
  "results": [
    {
      "shape": [512, 512, 64], "batch": 8,
      "median_us": 18.744, "p95_us": 19.87, "max_error": 0.00195, "correct": true
    },
    {
      "shape": [512, 512, 64], "batch": 16,
      "median_us": 14.327, "p95_us": 15.1, "max_error": 0.00195, "correct": true
    }
  ]
}
"""

LATENCY = '''\
"""Latency of the production kernel by size: python3 flashcore/benchmarks/benchmark_latency.py [SIZE ...]"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flashcore.fast.attention_production import attention


def latency(size, trials=7):
    """The median in microseconds of one head with ``size`` rows and columns."""
    matrix = [[((row + column) % 5) / 4.0 for column in range(8)] for row in range(size)]
    times = []
    for _ in range(trials):
        start = time.perf_counter_ns()
        attention(matrix, matrix, matrix)
        times.append((time.perf_counter_ns() - start) / 1000)
    return statistics.median(times)


if __name__ == "__main__":
    for argument in sys.argv[1:] or ("4", "8", "16", "32"):
        print(f"{int(argument):5d} rows: {latency(int(argument)):10.1f} us")
'''

CORRECTNESS = '''\
"""What must hold for any attention kernel, whatever its numbers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flashcore.fast.attention_production import attention


def test_equal_keys_give_the_mean_of_the_values():
    value = [[1.0, 10.0], [2.0, 20.0], [6.0, 60.0]]
    (row,) = attention([[0.3, -0.7]], [[1.0, 1.0]] * 3, value, tile=2)
    assert abs(row[0] - 3.0) < 1e-12
    assert abs(row[1] - 30.0) < 1e-12


def test_a_dominant_key_picks_its_value():
    assert attention([[100.0]], [[0.0], [9.0], [1.0]], [[1.0], [2.0], [3.0]], tile=1) == [[2.0]]


def test_the_first_causal_row_is_the_first_value():
    value = [[4.0, 5.0], [6.0, 7.0]]
    assert attention(value, value, value, causal=True)[0] == value[0]


if __name__ == "__main__":
    test_equal_keys_give_the_mean_of_the_values()
    test_a_dominant_key_picks_its_value()
    test_the_first_causal_row_is_the_first_value()
    print("3 correctness tests passed")
'''

QUICK_START = '''\
#!/usr/bin/env python3
"""Attention in ten lines: python3 examples/quick_start.py"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flashcore.fast.attention_production import attention

query = [[1.0, 0.0], [0.0, 1.0]]
key = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
value = [[1.0], [2.0], [3.0]]

for row in attention(query, key, value):
    print(" ".join(f"{entry:.4f}" for entry in row))
'''

FILES = {
    "examples/quick_start.py": QUICK_START,
    "flashcore/benchmark/expert_validation.py": EXPERT,
    "flashcore/benchmark/expert_validation_results.json": H100,
    "flashcore/benchmark/expert_validation_results_l4.json": L4,
    "flashcore/benchmarks/benchmark_latency.py": LATENCY,
    "flashcore/tests/test_correctness.py": CORRECTNESS,
}
