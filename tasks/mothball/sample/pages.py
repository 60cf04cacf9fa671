"""The kept pages of the sample.

They name retired files in prose, as old pages do, but link to none of them: a reader of references
has to tell the two apart.
"""

README = """\
# FlashCore

Attention in tiles, with an online softmax: one kernel, one parity suite, one validation script.

```bash
python3 examples/quick_start.py
python3 tests/test_sdpa_parity.py
python3 flashcore/benchmark/expert_validation.py --check
```

* The kernel: [attention_production.py](flashcore/fast/attention_production.py)
* How it is validated: [expert report](docs/validation/EXPERT_VALIDATION_REPORT.md) and
  [across devices](docs/validation/CROSS_GPU_VALIDATION_REPORT.md)
* Who looked at it: [EXPERT_CONFIRMATION.md](EXPERT_CONFIRMATION.md)
* What it needs: [nothing](flashcore/requirements.txt), and
  [that stays so](DEPENDENCY_STABILITY_POLICY.md)

Thirteen iterations came before it, from the first build.py to test_v13_excellence; none of them
is needed to use it.

Apache 2.0, see [LICENSE](LICENSE).
"""

GUIDE = """\
# flashcore/

| what | where |
|---|---|
| the kernel | [fast/attention_production.py](fast/attention_production.py) |
| validation | [benchmark/expert_validation.py](benchmark/expert_validation.py) |
| latency by size | [benchmarks/benchmark_latency.py](benchmarks/benchmark_latency.py) |
| correctness | [tests/test_correctness.py](tests/test_correctness.py) |
| dependencies | [requirements.txt](requirements.txt) |

Use it from the root of the repository:

```python
from flashcore.fast.attention_production import attention

output = attention(query, key, value, causal=True)
```
"""

POLICY = """\
# Dependency stability policy

1. The kernel imports the standard library only. [requirements.txt](flashcore/requirements.txt) stays empty.
2. Tests run without a runner; pytest is a convenience.
3. A new dependency needs a reason in this file and a major version.

## Log

* 2025-10-23: Triton is no longer needed. It was only used by attention_triton and its tuning scripts.
"""

CONFIRMATION = """\
# Expert confirmation

**Status**: production. **Date**: 2025-10-24.

The [production kernel](flashcore/fast/attention_production.py) was read line by line, its
[parity suite](tests/test_sdpa_parity.py) was run with a kernel that had been broken on purpose, and it failed
as it should. The [comprehensive suite](tests/test_sdpa_parity_comprehensive.py) covers causal masks, tiles
that do not divide, and logits that overflow a naive softmax.

The iterations known as fa3_v5, v6_wmma and v7_wmma_pv were looked at too. They were fast and wrong,
and `build_fa3_v7_1_wmma_pv_fixed.py` made the last of them right and slow. None is in use.
"""

EXPERT_REPORT = """\
# Expert validation report

Made by [expert_validation.py](../../flashcore/benchmark/expert_validation.py); the record is
[expert_validation_results.json](../../flashcore/benchmark/expert_validation_results.json).

| batch | median | p95 | correct |
|---:|---:|---:|---|
| 8 | 4.573 µs | 4.719 µs | yes |
| 16 | 3.154 µs | 3.298 µs | yes |
| 32 | 2.081 µs | 2.203 µs | yes |

Device: NVIDIA H100 80GB HBM3, 1000 trials each. The figures of this sample are made up.

Changed since the last report: the FP8 path (tests/test_fp8_wmma_correctness.py) was abandoned.
"""

CROSS_REPORT = """\
# Validation across devices

| device | batch 8 | batch 16 | record |
|---|---:|---:|---|
| H100 | 4.573 µs | 3.154 µs | [json](../../flashcore/benchmark/expert_validation_results.json) |
| L4 | 18.744 µs | 14.327 µs | [json](../../flashcore/benchmark/expert_validation_results_l4.json) |

The same [parity suite](../../tests/test_sdpa_parity.py) passes on both.
See also the [expert report](EXPERT_VALIDATION_REPORT.md). The figures of this sample are made up.
"""

FILES = {
    "README.md": README,
    "flashcore/README.md": GUIDE,
    "DEPENDENCY_STABILITY_POLICY.md": POLICY,
    "EXPERT_CONFIRMATION.md": CONFIRMATION,
    "docs/validation/EXPERT_VALIDATION_REPORT.md": EXPERT_REPORT,
    "docs/validation/CROSS_GPU_VALIDATION_REPORT.md": CROSS_REPORT,
}
