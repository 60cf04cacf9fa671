"""What the keys of the many pipelines mean that are written in YAML."""

from dataclasses import dataclass
from typing import Final

from mothball.core.references.claims import HERE, ROOT


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """The keys of one kind of file; of a key that is nowhere here, what is below it is read.

    Attributes:
        kind: the first part of the kinds of its claims.
        files: shell patterns of its files.
        commands: their values are run.
        shared: those of them that one shell runs, in this order, so that it stays where the last one left it.
        late: these, too, but nothing turns red when they fail.
        paths: their values are files or directories.
        patterns: globs, which nobody misses when they match nothing.
        regexes: regular expressions over paths.
        directories: where the commands of a mapping run, and what is below it.
        soft: keys that hide failures when they are true.
        ignored: names, images, what is made.
        values: whether other values may be paths as well, by their looks.
        bases: where all starts.
    """

    kind: str
    files: tuple[str, ...]
    commands: frozenset[str] = frozenset()
    shared: tuple[str, ...] = ()
    late: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    regexes: frozenset[str] = frozenset()
    directories: frozenset[str] = frozenset()
    soft: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    values: bool = False
    bases: tuple[str, ...] = (ROOT,)


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMON: Final = _keys(
    "name image stage tags needs dependencies extends description displayName label labels key"
    " restore_keys title"
    " environment_name id url branch branches docker services vmImage pool executor orbs rev repo"
    " author license"
)

DIALECTS: Final = (
    Dialect(
        kind="gitlab",
        files=(
            *("*.gitlab-ci.yml", "*.gitlab-ci.yaml", ".gitlab/*.yml",),
            *("*/.gitlab/*.yml", "gitlab-ci.yml", "*gitlab-ci*.yml",),
        ),
        shared=("before_script", "script"),
        commands=_keys("script before_script"),
        late=_keys("after_script"),
        paths=_keys("local include dotenv_path"),
        patterns=_keys("changes exists files"),
        soft=_keys("allow_failure"),
        ignored=(_COMMON - {"key"}) | _keys(
            "artifacts file project ref template remote component coverage retry rules_if"
        ),
        values=True,
    ),
    Dialect(
        kind="circleci",
        files=(".circleci/*.yml", ".circleci/*.yaml", ".circleci/*/*.yml"),
        commands=_keys("run command"),
        paths=_keys("app-dir config-path dockerfile docker-context pkg-dir path_to_config"),
        directories=_keys("working_directory"),
        ignored=_COMMON | _keys(
            "path root paths persist_to_workspace store_artifacts save_cache type default when"
        ),
        values=True,
    ),
    Dialect(
        kind="azure",
        files=(
            *("azure-pipelines*.yml", "azure-pipelines*.yaml", "*azure-pipelines/*.yml",),
            *(".azure*/*.yml", ".vsts-ci.yml", "*/.azure*/*.yml",),
        ),
        commands=_keys("script bash pwsh powershell arguments"),
        paths=_keys(
            "template filePath scriptPath projects solution Dockerfile buildContext packagePath"
            " workingFile"
        ),
        patterns=_keys("include exclude"),
        directories=_keys("workingDirectory"),
        soft=_keys("continueOnError"),
        ignored=_COMMON | _keys(
            "targetPath artifact artifactName pathtoPublish testResultsFiles condition type default"
            " task"
        ),
        values=True,
        bases=(HERE, ROOT),
    ),
    Dialect(
        kind="travis",
        files=(".travis.yml",),
        shared=("before_install", "install", "before_script", "script"),
        commands=_keys("script install before_install before_script before_deploy before_cache"),
        late=_keys("after_success after_failure after_script after_deploy"),
        ignored=_COMMON | _keys("cache addons on skip_cleanup language os dist provider python node_js"),
        values=True,
    ),
    Dialect(
        kind="appveyor",
        files=("appveyor.yml", ".appveyor.yml", "appveyor-*.yml"),
        shared=("init", "install", "before_build", "build_script", "after_build",
                "before_test", "test_script"),
        commands=_keys(
            "install build_script test_script before_build after_build before_test after_test init"
            " deploy_script"
            " before_deploy after_deploy ps cmd sh pwsh before_package"
        ),
        late=_keys("on_success on_failure on_finish"),
        paths=_keys("project solution"),
        patterns=_keys("files"),
        ignored=_COMMON | _keys("artifacts cache version os platform configuration"),
    ),
    Dialect(
        kind="buildkite",
        files=(".buildkite/*.yml", ".buildkite/*.yaml", "buildkite.yml"),
        shared=("commands", "command"),
        commands=_keys("command commands"),
        paths=_keys("config pipeline upload dockerfile"),
        patterns=_keys("if_changed watch"),
        soft=_keys("soft_fail"),
        ignored=_COMMON | _keys("artifact_paths agents"),
        values=True,
    ),
    Dialect(
        kind="pipeline",
        files=(
            *(".drone.yml", ".drone.yaml", ".woodpecker.yml", ".woodpecker/*.yml", "bitbucket-pipelines.yml"),
            *("buildspec*.yml", "cloudbuild*.yaml", "cloudbuild*.yml", ".cirrus.yml", ".semaphore/*.yml"),
            *("wercker.yml", "codeship-steps.yml", ".builds/*.yml", "codefresh*.yml", "screwdriver.yaml"),
        ),
        shared=("commands", "script", "before_script"),
        commands=_keys("commands script *_script install build test command cmd before_script"),
        late=_keys("after-script after_script"),
        paths=_keys("dockerfile context includePaths"),
        patterns=_keys("includePaths changesInclude skip_paths"),
        directories=_keys("dir working_directory"),
        ignored=_COMMON | _keys("artifacts caches cache images tag repo"),
        values=True,
    ),
    Dialect(
        kind="taskfile",
        files=("Taskfile.yml", "Taskfile.yaml", "Taskfile.dist.yml", "taskfile.yml", "Taskfile.*.yml"),
        commands=_keys("cmds cmd sh preconditions status"),
        paths=_keys("includes taskfile dotenv"),
        patterns=_keys("sources"),
        directories=_keys("dir"),
        soft=_keys("ignore_error"),
        ignored=_COMMON | _keys("desc summary generates deps task version aliases msg prompt"),
        bases=(HERE,),
    ),
    Dialect(
        kind="compose",
        files=(
            *("docker-compose*.yml", "docker-compose*.yaml", "compose*.yml",),
            *("compose*.yaml", "*.compose.yml", "stack.yml",),
        ),
        paths=_keys("build context env_file file source path include additional_contexts"),
        ignored=_keys(
            "image command entrypoint container_name ports target environment working_dir networks labels"
            " depends_on"
            " healthcheck dockerfile logging deploy user hostname restart profiles name args tmpfs"
            " secrets_from"
        ),
        bases=(HERE,),
    ),
    Dialect(
        kind="pre-commit",
        files=(".pre-commit-config.yaml", ".pre-commit-hooks.yaml", ".pre-commit-config.yml"),
        commands=_keys("entry"),
        paths=_keys("additional_dependencies"),
        regexes=_keys("files exclude"),
        ignored=_COMMON | _keys("language types types_or exclude_types stages default_language_version ci"),
        values=True,
    ),
    Dialect(
        kind="dependabot",
        files=(".github/dependabot.yml", ".github/dependabot.yaml", ".dependabot/config.yml"),
        patterns=_keys("directory directories exclude-paths"),
        ignored=_keys(
            "package-ecosystem schedule labels reviewers assignees ignore allow groups commit-message"
            " registries"
        ),
    ),
    Dialect(
        kind="labeler",
        files=(
            *(".github/labeler.yml", ".github/labeler.yaml",),
            *(".github/*labeler*.yml", ".github/filters.yml", ".github/file-filters.yml",),
        ),
        patterns=_keys("*"),
        ignored=_keys("base-branch head-branch title body author color description"),
    ),
    Dialect(
        kind="codecov",
        files=(
            *("codecov.yml", ".codecov.yml", ".github/codecov.yml",),
            *("*/codecov.yml", "codecov.yaml", ".codecov.yaml",),
        ),
        patterns=_keys("ignore paths include"),
        ignored=_keys("comment parsers notify branches threshold target fixes require_ci_to_pass"),
    ),
    Dialect(
        kind="readthedocs",
        files=(
            *(".readthedocs.yml", ".readthedocs.yaml",),
            *("readthedocs.yml", "*/.readthedocs.yaml", "*/.readthedocs.yml",),
        ),
        commands=_keys(
            "commands pre_build post_build pre_install post_install post_checkout"
            " pre_create_environment install_"
        ),
        paths=_keys("configuration requirements path environment file requirements_file"),
        ignored=_keys("os tools version formats extra_requirements method apt_packages builder"),
    ),
)  # fmt: skip
