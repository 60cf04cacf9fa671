"""The chaos and tuning tests of the sample: small, real, and nothing to do with attention."""

CONFTEST = '''\
"""Faults on demand for the chaos tests."""

import pytest


@pytest.fixture
def flaky():
    """Make a function that fails a number of times before it gives its answer."""

    def make(failures, answer="done"):
        left = [failures]

        def call():
            if left[0]:
                left[0] -= 1
                raise ConnectionError("chaos")
            return answer

        return call

    return make
'''

PATTERNS = '''\
"""Retry and circuit breaker: what the chaos tests are about."""

PATTERNS = ("retry", "circuit_breaker")


def retry(call, attempts):
    """Call until it succeeds, at most ``attempts`` times."""
    for left in reversed(range(attempts)):
        try:
            return call()
        except ConnectionError:
            if not left:
                raise


class CircuitBreaker:
    """Stop calling after ``limit`` failures in a row."""

    def __init__(self, limit):
        self.limit = limit
        self.failures = 0

    def call(self, function):
        """Call through the breaker."""
        if self.failures >= self.limit:
            raise RuntimeError("open")
        try:
            answer = function()
        except ConnectionError:
            self.failures += 1
            raise
        self.failures = 0
        return answer
'''

EXAMPLES = '''\
"""Each resilience pattern against a fault."""

import pytest

from .resilience_patterns import CircuitBreaker, retry


def test_retry_outlives_two_failures(flaky):
    assert retry(flaky(2), attempts=3) == "done"


def test_retry_gives_up(flaky):
    with pytest.raises(ConnectionError):
        retry(flaky(3), attempts=3)


def test_circuit_breaker_opens(flaky):
    breaker, call = CircuitBreaker(limit=2), flaky(9)
    for expected in (ConnectionError, ConnectionError, RuntimeError):
        with pytest.raises(expected):
            breaker.call(call)
'''

COVERAGE = '''\
"""Is every resilience pattern tried by an example?"""

from pathlib import Path

from chaos import resilience_patterns


def test_every_pattern_has_an_example():
    examples = Path(resilience_patterns.__file__).with_name("test_chaos_examples.py")
    text = examples.read_text(encoding="utf-8")
    for pattern in resilience_patterns.PATTERNS:
        assert f"def test_{pattern}_" in text
'''

ALLEN_DYNES = '''\
"""The Allen-Dynes formula for a superconductor's critical temperature, and its limits."""

import math


def critical_temperature(coupling, mu_star, omega_log):
    """Kelvin, for a logarithmic mean frequency in kelvin."""
    exponent = -1.04 * (1 + coupling) / (coupling - mu_star * (1 + 0.62 * coupling))
    return omega_log / 1.2 * math.exp(exponent)


def test_lead_is_near_seven_kelvin():
    assert 4.5 < critical_temperature(1.55, 0.1, 56.0) < 7.5


def test_repulsion_lowers_it():
    assert critical_temperature(1.0, 0.15, 300.0) < critical_temperature(1.0, 0.10, 300.0)
'''

MU_STAR = '''\
"""A golden-section search, as it was used to fit mu*."""

import math


def minimise(function, low, high, tolerance=1e-6):
    """The minimum of a function with one valley."""
    ratio = (math.sqrt(5) - 1) / 2
    while high - low > tolerance:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if function(left) < function(right):
            high = right
        else:
            low = left
    return (low + high) / 2


def test_finds_the_valley():
    assert abs(minimise(lambda mu: (mu - 0.13) ** 2, 0.0, 0.3) - 0.13) < 1e-5
'''

STATISTICAL = '''\
"""A gate that lets a change through only when its gain is larger than the noise."""

import statistics


def passes(before, after, sigmas=2.0):
    """Is the mean of ``after`` lower, by ``sigmas`` standard errors?"""
    error = (statistics.variance(before) / len(before) + statistics.variance(after) / len(after)) ** 0.5
    return statistics.mean(before) - statistics.mean(after) > sigmas * error


def test_noise_does_not_pass():
    assert not passes([10.0, 11.0, 9.0, 10.0], [9.9, 10.9, 9.1, 10.0])


def test_a_real_gain_passes():
    assert passes([10.0, 10.1, 9.9, 10.0], [5.0, 5.1, 4.9, 5.0])
'''

FILES = {
    "tests/chaos/__init__.py": "",
    "tests/chaos/conftest.py": CONFTEST,
    "tests/chaos/resilience_patterns.py": PATTERNS,
    "tests/chaos/test_chaos_examples.py": EXAMPLES,
    "tests/test_chaos_coverage_analysis.py": COVERAGE,
    "tests/tuning/__init__.py": "",
    "tests/tuning/test_allen_dynes_corrections.py": ALLEN_DYNES,
    "tests/tuning/test_mu_star_optimizer.py": MU_STAR,
    "tests/tuning/test_statistical_gates.py": STATISTICAL,
}
