"""Pipelines, compose, hooks, images, CMake and its like: what is reported, and what is not."""

from tests.core.references.world import breaks, compared

FILES = {
    "web/package.json": "",
    "web/pack.js": "",
    "ci/old.yml": "a: 1",
    "tools/x.sh": "",
    "docs/a.md": "",
    "src/a.c": "",
    "src/b.c": "",
    "cmake/FindFoo.cmake": "",
    "drivers/old/CMakeLists.txt": "",
}


def test_the_lines_of_a_job_share_a_directory() -> None:
    files = FILES | {".gitlab-ci.yml": "a:\n  before_script: [cd web]\n  script:\n    - node pack.js\n"}
    assert breaks(files, ["web/pack.js"]) == [".gitlab-ci.yml:4 pack.js -> web/pack.js"]


def test_an_include_from_the_root_and_a_job_that_may_fail() -> None:
    files = FILES | {
        ".gitlab-ci.yml": "include: [{local: /ci/old.yml}]\n"
        "a:\n  allow_failure: true\n  script: bash tools/x.sh\n"
    }
    found = compared(files, ["ci", "tools"]).findings
    assert [(one.target, one.severity) for one in found] == [
        ("ci/old.yml", "hard"),
        ("tools/x.sh", "hard-masked"),
    ]


def test_what_a_job_makes_is_not_missed() -> None:
    files = FILES | {".gitlab-ci.yml": "a:\n  script: make\n  artifacts: {paths: [docs]}\n"}
    assert breaks(files, ["docs"]) == []


def test_a_service_is_built_in_a_directory_and_runs_in_another_world() -> None:
    files = FILES | {
        "compose.yml": "services:\n  web:\n    build: ./web\n    image: x/web\n    command: tools/x.sh\n"
    }
    assert breaks(files, ["web", "tools"]) == ["compose.yml:3 ./web -> web"]


def test_a_hook_that_leaves_out_what_is_gone() -> None:
    files = FILES | {".pre-commit-config.yaml": "exclude: ^(docs/a\\.md|src/b.c$)\nrepos: []\n"}
    assert breaks(files, ["docs", "src"]) == [
        ".pre-commit-config.yaml:1 docs/a\\.md -> docs/a.md",
        ".pre-commit-config.yaml:1 src/b.c -> src/b.c",
    ]


def test_a_pipeline_of_jenkins_goes_into_a_directory() -> None:
    files = FILES | {
        "Jenkinsfile": "node {\n  dir('web') {\n    sh 'node pack.js'\n  }\n  sh 'node pack.js'\n}\n"
    }
    assert breaks(files, ["web/pack.js"]) == ["Jenkinsfile:3 pack.js -> web/pack.js"]


def test_an_image_copies_from_its_context_and_not_from_another_stage() -> None:
    files = FILES | {"Dockerfile": "FROM x\nCOPY --chown=a tools/x.sh docs/ /app/\nCOPY --from=b web /web\n"}
    assert breaks(files, ["tools", "docs", "web"]) == [
        "Dockerfile:2 docs/ -> docs",
        "Dockerfile:2 tools/x.sh -> tools/x.sh",
    ]


def test_sources_directories_and_modules_of_cmake() -> None:
    text = (
        "project(x)\nset(CMAKE_MODULE_PATH ${CMAKE_CURRENT_SOURCE_DIR}/cmake)\nfind_package(Foo REQUIRED)\n"
        "add_executable(web src/a.c\n  ${CMAKE_SOURCE_DIR}/src/b.c)\nadd_subdirectory(drivers/old)\n"
        "target_link_libraries(web docs)\n"
    )
    files = FILES | {"CMakeLists.txt": text}
    assert breaks(files, ["cmake/FindFoo.cmake", "src/b.c", "drivers", "web", "docs"]) == [
        "CMakeLists.txt:2 ${CMAKE_CURRENT_SOURCE_DIR}/cmake -> cmake",
        "CMakeLists.txt:3 Foo -> cmake/FindFoo.cmake",
        "CMakeLists.txt:5 ${CMAKE_SOURCE_DIR}/src/b.c -> src/b.c",
        "CMakeLists.txt:6 drivers/old -> drivers/old/CMakeLists.txt",
    ]


def test_deep_nesting_is_left_alone() -> None:
    for text in ("- " * 50_000, "[" * 50_000, "? " * 50_000):
        assert breaks(FILES | {".gitlab-ci.yml": text}, ["web"]) == []
