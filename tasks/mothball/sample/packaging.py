"""The packaging and tooling of the sample."""

LICENSE = """\
FlashCore
Copyright 2025 The FlashCore authors

Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
"""

PYPROJECT = """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "flashcore"
version = "1.0.0"
description = "One attention kernel, small and checked"
readme = "README.md"
requires-python = ">=3.11"
license = { text = "Apache-2.0" }
dependencies = []

[tool.setuptools]
packages = ["flashcore.fast"]

[tool.pytest.ini_options]
testpaths = ["tests", "flashcore/tests"]
"""

SETUP = '''\
"""For tools that do not read pyproject.toml yet."""

from setuptools import setup

setup()
'''

REQUIREMENTS = """\
# The kernel needs Python 3.11 and nothing else.
# To run the tests with a runner instead of one by one:
# pytest>=8
"""

MAKEFILE = """\
PYTHON ?= python3

.PHONY: test validate bench

test:
\t$(PYTHON) -B tests/test_sdpa_parity.py
\t$(PYTHON) -B tests/test_sdpa_parity_comprehensive.py
\t$(PYTHON) -B flashcore/tests/test_correctness.py

validate:
\t$(PYTHON) -B flashcore/benchmark/expert_validation.py --check

bench:
\t$(PYTHON) -B flashcore/benchmarks/benchmark_latency.py
"""

JUSTFILE = """\
# List the recipes
default:
    @just --list

# Parity with plain softmax attention
parity:
    python3 -B tests/test_sdpa_parity.py
    python3 -B tests/test_sdpa_parity_comprehensive.py

# Correctness and latency, without touching the records
validate:
    python3 -B flashcore/benchmark/expert_validation.py --check

# The example of the README
quick-start:
    python3 -B examples/quick_start.py
"""

RBK = """\
# Robust benchmarking of the kernel: what is measured, and when a figure counts.
kernel: flashcore/fast/attention_production.py
entry: attention
baseline: tests/test_sdpa_parity.py
shapes:
  - { rows: 4, columns: 4, width: 4 }
  - { rows: 8, columns: 16, width: 8 }
  - { rows: 16, columns: 16, width: 16 }
trials: 15
tolerance: 1.0e-9
report: flashcore/benchmark/expert_validation_results.json
"""

FILES = {
    "LICENSE": LICENSE,
    "pyproject.toml": PYPROJECT,
    "setup.py": SETUP,
    "flashcore/requirements.txt": REQUIREMENTS,
    "Makefile": MAKEFILE,
    "Justfile": JUSTFILE,
    "config/rbk_config.yaml": RBK,
}
