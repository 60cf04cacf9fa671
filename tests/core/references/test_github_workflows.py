"""GitHub workflows: what is reported when something they name goes, and what is not."""

from tests.core.references.world import breaks, compared, unknowns

W = ".github/workflows/ci.yml"
FILES = {
    "tests/chaos/test_a.py": "",
    "web/package.json": "",
    "web/src/x.js": "",
    "svc/api/Dockerfile": "",
    "svc/db/Dockerfile": "",
    ".github/actions/setup/action.yml": "",
    "README.md": "",
}


def workflow(steps: str, job: str = "") -> dict[str, str]:
    return FILES | {W: f"on: push\njobs:\n  a:\n{job}    steps:\n{steps}"}


def test_a_step_runs_a_path_in_a_block() -> None:
    files = workflow("      - run: |\n          echo hi\n\n          pytest tests/chaos/ -q\n")
    assert breaks(files, ["tests/chaos"]) == [f"{W}:8 tests/chaos/ -> tests/chaos"]
    (found,) = compared(files, ["tests/chaos"]).findings
    assert found.column == 18


def test_a_working_directory_is_where_it_runs() -> None:
    files = workflow("      - run: node src/x.js\n        working-directory: web\n")
    assert breaks(files, ["web/src/x.js"]) == [f"{W}:5 src/x.js -> web/src/x.js"]
    assert breaks(files, ["web"]) == [f"{W}:5 src/x.js -> web/src/x.js", f"{W}:6 web -> web"]


def test_the_default_of_a_job_counts() -> None:
    files = workflow(
        "      - run: node src/x.js\n", "    defaults:\n      run:\n        working-directory: ./web\n"
    )
    assert f"{W}:8 src/x.js -> web/src/x.js" in breaks(files, ["web/src"])


def test_an_action_of_the_repository() -> None:
    files = workflow("      - uses: ./.github/actions/setup\n")
    assert breaks(files, [".github/actions/setup"]) == [
        f"{W}:5 ./.github/actions/setup -> .github/actions/setup/action.yml"
    ]


def test_a_filter_that_matches_nothing_is_stale_and_one_that_matches_less_is_fine() -> None:
    files = FILES | {
        W: "on:\n  push:\n    paths:\n      - 'tests/**'\n      - '!svc/*/Dockerfile'\njobs: {}\n"
    }
    (found,) = compared(files, ["tests"]).findings
    assert (found.severity, found.line, found.column) == ("config", 4, 10)
    assert breaks(files, ["svc/api"]) == []


def test_a_value_of_a_matrix_is_part_of_a_path() -> None:
    job = "    strategy:\n      matrix:\n        m: [api, db]\n"
    files = workflow("      - run: docker build svc/${{ matrix.m }}\n", job)
    assert breaks(files, ["svc/api"]) == [f"{W}:6 api -> svc/api"]


def test_a_checkout_elsewhere() -> None:
    files = workflow(
        "      - uses: actions/checkout@v4\n        with:\n          path: repo\n"
        "      - run: node repo/web/src/x.js\n"
    )
    assert breaks(files, ["web"]) == [f"{W}:8 repo/web/src/x.js -> web/src/x.js"]


def test_what_may_fail_is_masked() -> None:
    files = workflow("      - run: node web/src/x.js\n        continue-on-error: true\n")
    assert [one.severity for one in compared(files, ["web"]).findings] == ["hard-masked"]


def test_names_of_targets_and_artifacts_are_no_paths() -> None:
    files = workflow(
        "      - name: web\n        run: make web\n"
        "      - uses: a/b@v1\n        with:\n          name: web\n          tags: x/web\n"
    )
    assert breaks(files, ["web"]) == []


def test_what_is_no_yaml_is_left_to_people() -> None:
    files = FILES | {W: "a: [\nrun: node web/src/x.js\n"}
    assert f"{W}:2 web/src/x.js -> web/src/x.js" in unknowns(files, ["web"])
