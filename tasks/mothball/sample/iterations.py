"""The Triton variants of the sample: iterations before the production kernel, on the CPU like it."""

TRITON = '''\
"""The Triton variant, on the CPU: whole blocks of scores, rescaled once per block."""

import math


def attention(query, key, value, block=8):
    """Softmax attention of one head."""
    factor = 1.0 / math.sqrt(len(query[0]))
    return [attend(row, key, value, factor, block) for row in query]


def attend(row, key, value, factor, block):
    """One row, ``block`` keys at a time."""
    peak, total, output = -math.inf, 0.0, [0.0] * len(value[0])
    for start in range(0, len(key), block):
        scores = [factor * sum(map(float.__mul__, row, column)) for column in key[start : start + block]]
        top = max(peak, *scores)
        fade = math.exp(peak - top)
        weights = [math.exp(score - top) for score in scores]
        total = total * fade + sum(weights)
        columns = zip(*value[start : start + block], strict=True)
        fresh = [sum(map(float.__mul__, weights, column)) for column in columns]
        output = [old * fade + new for old, new in zip(output, fresh, strict=True)]
        peak = top
    return [entry / total for entry in output]


def sample(size, width=4):
    """A matrix to try things on."""
    return [[math.sin(row * width + column) for column in range(width)] for row in range(size)]


if __name__ == "__main__":
    print(attention(sample(2), sample(9), sample(9)))
'''

AGGRESSIVE = '''\
"""The aggressive variant: never rescales, and so overflows where logits are large. Retired for that."""

import math


def attention(query, key, value):
    """Softmax attention of one head, for small logits only."""
    factor = 1.0 / math.sqrt(len(query[0]))
    output = []
    for row in query:
        weights = [math.exp(factor * sum(map(float.__mul__, row, column))) for column in key]
        total = sum(weights)
        columns = zip(*value, strict=True)
        output.append([sum(map(float.__mul__, weights, column)) / total for column in columns])
    return output


if __name__ == "__main__":
    print(attention([[1.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]], [[1.0], [2.0]]))
    try:
        attention([[1000.0, 0.0]], [[1000.0, 0.0]], [[1.0]])
    except OverflowError:
        print("overflows, as feared")
'''

APPROX = '''\
"""The approximate variant: an exponential of ten multiplications. Fast, off by some parts in ten thousand."""

import math


def quick_exp(x):
    """(1 + x/1024)^1024, for x up to 0."""
    y = max(1.0 + x / 1024.0, 0.0)
    for _ in range(10):
        y *= y
    return y


def softmax(scores):
    """The softmax of one row, roughly."""
    peak = max(scores)
    weights = [quick_exp(score - peak) for score in scores]
    return [weight / sum(weights) for weight in weights]


if __name__ == "__main__":
    worst = max(abs(quick_exp(-x / 10) - math.exp(-x / 10)) for x in range(100))
    print(f"worst error {worst:.1e}")
'''

BATCH = '''\
"""The batch variant: many heads in one call. Used in development; production took over the idea."""

from attention_triton import attention, sample


def attention_batch(heads, block=8):
    """Attention for each (query, key, value) of a batch."""
    return [attention(*head, block=block) for head in heads]


if __name__ == "__main__":
    batch = [(sample(2), sample(size), sample(size)) for size in (3, 8, 9)]
    print(len(attention_batch(batch)), "heads")
'''

TUNE = '''\
"""Tune the block size of the Triton variant: time each, name the best."""

import time

from attention_triton import attention, sample

BLOCKS = (2, 4, 8, 16)


def tune(size=16, blocks=BLOCKS):
    """Seconds by block size."""
    query = sample(size)
    seconds = {}
    for block in blocks:
        start = time.perf_counter()
        attention(query, query, query, block=block)
        seconds[block] = time.perf_counter() - start
    return seconds


if __name__ == "__main__":
    times = tune()
    print("best block:", min(times, key=times.get))
'''

FINAL = '''\
"""The last tuning: several sizes, one block size that is never the worst."""

from tune_triton import BLOCKS, tune


def final_tune(sizes=(4, 8, 16)):
    """The block size with the smallest sum of ranks."""
    ranks = dict.fromkeys(BLOCKS, 0)
    for size in sizes:
        seconds = tune(size)
        for rank, block in enumerate(sorted(seconds, key=seconds.get)):
            ranks[block] += rank
    return min(ranks, key=ranks.get)


if __name__ == "__main__":
    print("final block:", final_tune())
'''

ENTRY = '''\
"""The entry point of the Triton days: finds the variant beside it or in fast/."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "fast"))

from attention_triton import attention, sample


def flashcore_attention(query, key, value):
    """What users called before there was a production kernel."""
    return attention(query, key, value, block=16)


if __name__ == "__main__":
    print(flashcore_attention(sample(1), sample(20), sample(20)))
'''

FILES = {
    "flashcore/fast/attention_triton.py": TRITON,
    "flashcore/fast/attention_aggressive.py": AGGRESSIVE,
    "flashcore/fast/attention_approx.py": APPROX,
    "flashcore/fast/attention_batch_optimized.py": BATCH,
    "flashcore/fast/tune_triton.py": TUNE,
    "flashcore/fast/final_tune.py": FINAL,
    "flashcore/flashcore_triton.py": ENTRY,
}
