"""The experimental tests of the sample, beside the parity suites: each small and real."""

CI_GATES = '''\
"""The gates of the old pipeline: a build goes out when all of them are green."""

import pytest

GATES = ("lint", "parity", "latency")


def verdict(results):
    """The gates that are missing or red."""
    return [gate for gate in GATES if not results.get(gate, False)]


@pytest.mark.parametrize("red", GATES)
def test_one_red_gate_stops_the_build(red):
    assert verdict(dict.fromkeys(GATES, True) | {red: False}) == [red]


def test_a_missing_gate_is_red():
    assert verdict({}) == list(GATES)
'''

EPISTEMIC = '''\
"""How much an experiment taught us: the entropy of the belief before less the one after."""

import math


def entropy(beliefs):
    """Bits."""
    return -sum(p * math.log2(p) for p in beliefs if p)


def test_certainty_has_no_entropy():
    assert entropy([1.0, 0.0]) == 0.0


def test_an_experiment_gains_a_bit():
    assert entropy([0.25] * 4) - entropy([0.5, 0.5]) == 1.0
'''

FLAKY = '''\
"""Find the tests that both pass and fail on one commit."""


def flaky(runs):
    """The names with more than one outcome, from (name, outcome) pairs."""
    outcomes = {}
    for name, outcome in runs:
        outcomes.setdefault(name, set()).add(outcome)
    return sorted(name for name, seen in outcomes.items() if len(seen) > 1)


def test_only_the_undecided_are_flaky():
    runs = [("a", "pass"), ("b", "pass"), ("b", "fail"), ("c", "fail"), ("c", "fail")]
    assert flaky(runs) == ["b"]
'''

FP8_STAGE_C = '''\
"""FP8, stage C: scale a row so that its largest entry just fits (e4m3: 448)."""

LARGEST = 448.0


def scale(row):
    """The factor that brings the largest magnitude to LARGEST."""
    return LARGEST / max(map(abs, row))


def test_the_largest_entry_fits():
    row = [0.5, -7.0, 3.0]
    assert max(abs(entry * scale(row)) for entry in row) == LARGEST
'''

FP8_WMMA = '''\
"""FP8: what rounding to three bits of mantissa does to a product. The reason why it was abandoned."""

import math


def fp8(x):
    """Round to the nearest number with three bits of mantissa."""
    mantissa, exponent = math.frexp(x)
    return math.ldexp(round(mantissa * 16) / 16, exponent)


def test_small_integers_are_exact():
    assert [fp8(float(x)) for x in range(-16, 17)] == list(range(-16, 17))


def test_the_rest_is_off_by_up_to_six_percent():
    worst = max(abs(fp8(x / 100) / (x / 100) - 1) for x in range(100, 200))
    assert 0.05 < worst <= 0.0625
'''

LLM_ROUTER = '''\
"""Send a question to the cheapest model that is good enough."""

import pytest

MODELS = (("small", 1, 2), ("medium", 5, 6), ("large", 25, 9))


def route(difficulty):
    """The name of the cheapest model whose skill reaches the difficulty."""
    able = [(cost, name) for name, cost, skill in MODELS if skill >= difficulty]
    return min(able)[1]


@pytest.mark.parametrize(("difficulty", "name"), [(1, "small"), (2, "small"), (3, "medium"), (9, "large")])
def test_route(difficulty, name):
    assert route(difficulty) == name
'''

PERFORMANCE = '''\
"""Percentiles of a latency record, as the old dashboard drew them."""


def percentile(times, share):
    """The smallest time that is not exceeded by ``share`` percent of the times."""
    ordered = sorted(times)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def test_percentiles():
    times = list(range(100, 0, -1))
    assert [percentile(times, share) for share in (0, 50, 95, 100)] == [1, 50, 95, 100]
'''

PHASE2 = '''\
"""Phase 2: does the error of a sum grow as the theory says?"""

import math


def naive_sum(values):
    """Add from left to right."""
    total = 0.0
    for value in values:
        total += value
    return total


def test_error_stays_under_the_bound():
    values = [1.0 / n for n in range(1, 2000)]
    bound = len(values) * 2.0**-53 * math.fsum(values)
    assert abs(naive_sum(values) - math.fsum(values)) <= bound
'''

PROVENANCE = '''\
"""A chain of records: each holds the digest of the one before it."""

import hashlib


def chain(records):
    """The digests, one for each record."""
    digests, last = [], ""
    for record in records:
        last = hashlib.sha256((last + record).encode()).hexdigest()
        digests.append(last)
    return digests


def test_a_change_shows_in_all_that_follow():
    mine, theirs = chain(["a", "b", "c"]), chain(["a", "B", "c"])
    assert [left == right for left, right in zip(mine, theirs, strict=True)] == [True, False, False]
'''

RAG = '''\
"""A cache that forgets what was not asked for the longest."""

from collections import OrderedDict


class Cache:
    """At most ``size`` answers."""

    def __init__(self, size):
        self.size = size
        self.answers = OrderedDict()

    def ask(self, question, answer):
        """The cached answer, or what ``answer`` returns."""
        if question not in self.answers:
            self.answers[question] = answer()
        self.answers.move_to_end(question)
        while len(self.answers) > self.size:
            self.answers.popitem(last=False)
        return self.answers[question]


def test_the_oldest_goes_first():
    cache = Cache(2)
    for question in "abac":
        cache.ask(question, question.upper)
    assert list(cache.answers) == ["a", "c"]
'''

AUDIT = '''\
"""Which files of a listing are too large to be there?"""


def too_large(sizes, limit=1_000_000):
    """The paths over the limit, the largest first."""
    return sorted((path for path, size in sizes.items() if size > limit), key=lambda path: -sizes[path])


def test_only_the_large_ones_largest_first():
    assert too_large({"a.bin": 2_000_000, "b.py": 300, "c.bin": 3_000_000}) == ["c.bin", "a.bin"]
'''

SAFETY = '''\
"""A gateway that refuses settings outside their range."""

import pytest

RANGES = {"temperature": (0.0, 400.0), "pressure": (0.5, 2.0)}


def admit(settings):
    """Raise a ValueError for the first setting that is unknown or out of range."""
    for name, value in settings.items():
        low, high = RANGES.get(name, (1.0, 0.0))
        if not low <= value <= high:
            raise ValueError(name)


def test_admits_what_is_in_range():
    admit({"temperature": 300.0, "pressure": 1.0})


@pytest.mark.parametrize("settings", [{"temperature": 500.0}, {"voltage": 1.0}])
def test_refuses_the_rest(settings):
    with pytest.raises(ValueError, match="e"):
        admit(settings)
'''

TELEMETRY = '''\
"""A store of measurements, one JSON line each."""

import json


def append(path, **record):
    """Add a measurement."""
    with path.open("a", encoding="utf-8") as store:
        store.write(json.dumps(record, sort_keys=True) + "\\n")


def test_what_goes_in_comes_out(tmp_path):
    store = tmp_path / "telemetry.jsonl"
    append(store, run=1, latency_us=4.6)
    append(store, run=2, latency_us=4.5)
    lines = store.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["run"] for line in lines] == [1, 2]
'''

FILES = {
    "tests/test_ci_gates.py": CI_GATES,
    "tests/test_epistemic_telemetry.py": EPISTEMIC,
    "tests/test_flaky_scan.py": FLAKY,
    "tests/test_fp8_stage_c_wmma.py": FP8_STAGE_C,
    "tests/test_fp8_wmma_correctness.py": FP8_WMMA,
    "tests/test_llm_router.py": LLM_ROUTER,
    "tests/test_performance_benchmarks.py": PERFORMANCE,
    "tests/test_phase2_scientific.py": PHASE2,
    "tests/test_provenance_integration.py": PROVENANCE,
    "tests/test_rag_cache.py": RAG,
    "tests/test_repo_audit.py": AUDIT,
    "tests/test_safety_gateway.py": SAFETY,
    "tests/test_telemetry_repo.py": TELEMETRY,
}
