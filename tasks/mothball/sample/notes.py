"""The retired pages of the sample, which link one another and the files of their time."""

CURSOR = """\
# Setting up the editor

1. Open the repository at its root.
2. Build the first kernel: `python3 flashcore/build.py`.
3. Try it: `python3 flashcore/test_64x64.py`.

Then read the [blueprint](WMMA_IMPLEMENTATION_BLUEPRINT.md).
"""

SESSION3 = """\
# Session 3, final state

| iteration | latency | verdict |
|---|---:|---|
| [fa3 v5](build_fa3_v5.py) | 41 µs | correct, slow |
| [fa3 v6 wmma](build_fa3_v6_wmma.py) | 19 µs | wrong in the last tile |
| [fa3 v7 wmma pv](build_fa3_v7_wmma_pv.py) | 15 µs | wrong, see [v7.1](test_fa3_v7_1_wmma_pv_fixed.py) |

What is next: the [fused design](design/flashcore_fused.md). What went before:
[phase 1](PHASE1_STATUS_CRITICAL.md).
"""

PHASE1 = """\
# Phase 1: critical

The WMMA kernel is off by 0.3 in the last column. Suspects:

* the fragment layout, see the [guide](docs/PHASE1_WMMA_GUIDE.md)
* the order of the rescaling, see the [blueprint](WMMA_IMPLEMENTATION_BLUEPRINT.md)

Reproduce with `python3 flashcore/test_phase1.py`.
"""

RESEARCH = """\
# Research summary

* Online softmax: one pass, three running values per row.
* Tiles that fit on the chip beat fewer instructions.
* Fusing comes last; the reading is in [the notes](notes/research_fused_flashcore.md).
"""

BLUEPRINT = """\
# WMMA implementation blueprint

1. Load a tile of the query once.
2. For each tile of keys: scores, running maximum, rescale, accumulate.
3. Divide once, at the end.

The steps in detail are in the [guide](docs/PHASE1_WMMA_GUIDE.md), the fused form in the
[design](design/flashcore_fused.md). Summary: [research](RESEARCH_SUMMARY.md).
"""

FUSED = """\
# The fused kernel

One launch: scores, softmax and output never leave the chip. Built by `build_fused.py`, tried by
`test_fused.py`. The reasons are in the [notes](../notes/research_fused_flashcore.md), the frame in the
[blueprint](../WMMA_IMPLEMENTATION_BLUEPRINT.md).
"""

GUIDE = """\
# WMMA, phase 1: a guide

* 16 by 16 by 16 fragments, half precision in, single precision out.
* Pad the last tile with minus infinity, not with zero.
* Check each piece alone: `test_qk_only.py`, `test_softmax_only.py`, `test_pv_only.py`.

Status: [critical](../PHASE1_STATUS_CRITICAL.md).
"""

NOTES = """\
# Notes on fusing

Reading list turned into three sentences: keep the running maximum in registers; rescale the output, not the
weights; never write the scores. The [design](../design/flashcore_fused.md) follows from these.
"""

FILES = {
    "flashcore/CURSOR_SETUP_INSTRUCTIONS.md": CURSOR,
    "flashcore/FLASHCORE_SESSION3_FINAL.md": SESSION3,
    "flashcore/PHASE1_STATUS_CRITICAL.md": PHASE1,
    "flashcore/RESEARCH_SUMMARY.md": RESEARCH,
    "flashcore/WMMA_IMPLEMENTATION_BLUEPRINT.md": BLUEPRINT,
    "flashcore/design/flashcore_fused.md": FUSED,
    "flashcore/docs/PHASE1_WMMA_GUIDE.md": GUIDE,
    "flashcore/notes/research_fused_flashcore.md": NOTES,
}
