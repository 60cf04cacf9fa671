"""What programs expect of their words: files, subcommands, nothing that exists yet."""

from typing import Final

KEYWORDS: Final = frozenset(
    {"if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi", "done", "esac", "time"}
)
WRAPPERS: Final = frozenset({
    "sudo", "env", "nohup", "command", "exec", "nice", "xvfb-run", "winpty", "stdbuf", "call", "start",
    "caffeinate", "builtin", "eval", "doas", "shell", "setsid", "unbuffer", "cross-env", "dotenv",
    "ddtrace-run", "opentelemetry-instrument",
})  # fmt: skip
RUNNERS: Final = {
    "uv": "run", "poetry": "run", "pipenv": "run", "hatch": "run", "pdm": "run", "rye": "run", "pixi": "run",
    "bundle": "exec", "micromamba": "run", "conda": "run", "npm": "exec", "yarn": "exec", "pnpm": "exec",
}  # fmt: skip
RUNNERS_OF_ONE: Final = frozenset({"npx", "bunx", "pipx", "uvx", "timeout", "xargs"})

LAUNCHERS: Final = frozenset(
    {"srun", "mpirun", "mpiexec", "salloc", "jsrun", "aprun", "prun", "horovodrun", "parallel", "numactl"}
    | {"singularity", "apptainer", "nsys", "ncu", "taskset", "flock", "strace", "perf", "ts", "ray", "dvc"}
    | {"py-spy", "austin"}
)
"""Somewhere behind their flags stands the program that is run, an interpreter in most cases."""
INTERPRETERS: Final = frozenset(
    {"bash", "sh", "zsh", "ksh", "dash", "fish", "source", ".", "node", "nodejs", "ts-node", "tsx", "deno"}
    | {"bun", "ruby", "perl", "php", "lua", "Rscript", "julia", "pwsh", "powershell", "osascript", "tclsh"}
    | {"wscript", "cscript", "groovy", "java", "gdb", "expect", "awk", "gawk", "nodemon", "electron"}
)
"""The first word that is no flag is a file."""

READERS_OF_FILES: Final = frozenset(
    {"cat", "ls", "cp", "rsync", "tar", "chmod", "chown", "find", "head", "tail", "less", "more", "wc", "du"}
    | {
        "diff",
        "cmp",
        "zip",
        "unzip",
        "gzip",
        "gunzip",
        "sha256sum",
        "md5sum",
        "shasum",
        "stat",
        "file",
        "tree",
    }
    | {
        "pytest",
        "py.test",
        "ruff",
        "mypy",
        "black",
        "isort",
        "flake8",
        "pylint",
        "bandit",
        "pyright",
        "codespell",
    }
    | {"eslint", "prettier", "tsc", "jest", "vitest", "mocha", "ava", "stylelint", "shellcheck", "shfmt"}
    | {"yamllint", "markdownlint", "hadolint", "clang-format", "clang-tidy", "cppcheck", "gcc", "g++", "cc"}
    | {"clang", "clang++", "nvcc", "rustc", "jupyter", "nbconvert", "papermill", "sphinx-build", "doxygen"}
    | {"pandoc", "pdoc", "jq", "yq", "open", "code", "vim", "nano", "vi", "emacs", "sort", "uniq", "install"}
    | {"cloc", "tokei", "rg", "ln", "scp", "patch", "dos2unix", "streamlit", "cd", "pushd", "for", "cmake"}
    | {"autopep8", "yapf", "pyflakes", "pydocstyle", "vulture", "nbstripout", "nosetests", "ctest", "esbuild"}
    | {
        "rollup",
        "webpack",
        "mkdocs",
        "http-server",
        "serve",
        "tslint",
        "jshint",
        "xo",
        "standard",
        "c8",
        "nyc",
    }
    | {
        "dir",
        "type",
        "copy",
        "xcopy",
        "robocopy",
        "Get-Content",
        "Copy-Item",
        "test",
        "[",
        "[[",
        "nasm",
        "ld",
    }
    | {
        "wildcard",
        "addprefix",
        "sort",
        "protoc",
        "flatc",
        "swig",
        "dtc",
        "avrdude",
        "esptool.py",
        "openocd",
        "arduino-cli",
        "terraform",
    }
)
"""Words without a slash or suffix are files or directories, too."""

SUBCOMMANDS: Final = frozenset(
    {"make", "gmake", "npm", "yarn", "pnpm", "docker", "docker-compose", "podman", "git", "pip", "pip3"}
    | {"cargo", "go", "kubectl", "helm", "gh", "tox", "nox", "inv", "invoke", "just", "task", "systemctl"}
    | {"apt", "apt-get", "brew", "gem", "conda", "mamba", "uv", "poetry", "pipenv", "hatch", "rustup", "yum"}
    | {"dnf", "apk", "pacman", "snap", "choco", "winget", "lerna", "nx", "turbo", "gulp", "grunt", "mvn"}
    | {"gradle", "rake", "bundle", "ninja", "meson", "west", "idf.py", "pio", "platformio", "bazel", "buck"}
    | {"svn", "hg", "kill", "export", "set", "unset", "exit", "return", "sleep", "which", "type", "alias"}
    | {"read", "printenv", "id", "whoami", "uname", "date", "curl", "wget", "ssh", "tmux", "screen", "jest"}
)
"""Bare words are names of targets, packages, branches: never files."""

FOLLOWED_BY_NOTHING: Final = frozenset(
    {"echo", "printf", "mv", "rm", "mkdir", "rmdir", "touch", "rmtree", "Write-Host", "Write-Output", "del"}
    | {
        "unlink",
        "shred",
        "move",
        "ren",
        "rename",
        "rd",
        "md",
        "Remove-Item",
        "Move-Item",
        "New-Item",
        "erase",
    }
    | {"log", "info", "warn", "error", "die", "usage", "trash", "cecho", "@echo", "say", "help", "git-mv"}
    | {"command", "which", "hash", "whereis"}
)
GIT_FILES: Final = frozenset({"add", "apply", "ls-files", "blame", "diff", "am", "check-ignore", "archive"})
NEVER: Final = frozenset(
    {
        "sed",
        "kubectl",
        "patsubst",
        "subst",
        "filter",
        "filter-out",
        "foreach",
        "call",
        "or",
        "and",
        "expr",
        "tr",
        "cut",
        "basename",
        "dirname",
        "ssh",
        "gh",
        "alias",
        "trap",
    }
)
"""Words with slashes are programs of their own, branches or names."""

FILE_FLAGS: Final = frozenset(
    {"--config", "--file", "--rcfile", "--directory", "--prefix", "--cwd", "--project", "--manifest-path"}
    | {
        "--config-file",
        "--settings",
        "--env-file",
        "--requirement",
        "--constraint",
        "--editable",
        "--rootdir",
    }
    | {
        "--confcutdir",
        "--root",
        "--dir",
        "--path",
        "--input",
        "--input-file",
        "--working-directory",
        "--source",
    }
    | {"--ignore-path", "--build", "--require", "--import", "--script", "--schema", "--template", "--data"}
    | {
        "--justfile",
        "--makefile",
        "--workspace",
        "--filter",
        "--include",
        "--from-file",
        "--values",
        "--model",
    }
    | {
        "--dockerfile",
        "--context",
        "--project-directory",
        "--tsconfig",
        "--loader",
        "--setupFile",
        "--noxfile",
    }
    | {"--cov-config", "--data-dir", "--config_path", "--cfg", "--conf", "--base", "--work-dir", "--recipe"}
)
SHORT_FILE_FLAGS: Final = {
    "pip": "rce", "pip3": "rce", "uv": "rce", "docker": "fv", "docker-compose": "f", "podman": "fv",
    "make": "fC", "gmake": "fC", "kubectl": "fk", "helm": "f", "pytest": "c", "py.test": "c", "tsc": "p",
    "git": "C", "ninja": "Cf", "cmake": "SC", "tox": "c", "nox": "f", "just": "fd", "jest": "c", "npm": "C",
    "pnpm": "C", "eslint": "c", "bash": "", "yarn": "", "pylint": "", "node": "r", "nodejs": "r",
    "mocha": "r",
    "ansible-playbook": "i", "conda": "f", "mamba": "f", "mypy": "p", "pio": "cd", "tar": "CTX", "west": "s",
    "idf.py": "C", "inv": "cr", "invoke": "cr", "task": "td", "meson": "C", "ts-node": "Pr", "awk": "f",
    "sed": "f", "docker-build": "f", "terraform": "", "shellcheck": "", "rollup": "c", "jq": "f",
    "bandit": "rc",
}  # fmt: skip
OUTPUT_FLAGS: Final = frozenset(
    {"-o", "--output", "--out", "--outdir", "--out-dir", "--output-dir", "--outfile", "--output-file", "-O"}
    | {"--dest", "--destination", "--target-dir", "--log-file", "--junitxml", "--junit-xml", "--html"}
    | {"--outFile", "--dist", "--target", "--basetemp", "--report", "--save", "--cov-report", "--results-dir"}
    | {"--artifacts", "--destdir", "--install-dir", "--reporter"}
)
NO_VALUE_FLAGS: Final = frozenset({"-m", "-k", "-t", "-n", "-b", "-l", "-q", "-s", "-j", "-u", "-w"})
DIRECTORY_FLAGS: Final = {
    "make": ("-C", "--directory"), "gmake": ("-C", "--directory"), "npm": ("--prefix", "-C"),
    "yarn": ("--cwd",), "pnpm": ("-C", "--dir", "--prefix"), "git": ("-C",), "ninja": ("-C",),
    "uv": ("--directory",), "poetry": ("-C", "--directory"), "tar": ("-C", "--directory"),
    "lerna": (), "bun": ("--cwd",), "env": ("-C", "--chdir"), "meson": ("-C",), "cargo": ("-C",),
    "terraform": ("-chdir",), "just": ("-d", "--working-directory"), "idf.py": ("-C",),
    "task": ("-d", "--dir"),
    "docker-compose": ("--project-directory",),
}  # fmt: skip
IMAGE_COMMANDS: Final = frozenset(
    {
        "pull",
        "push",
        "tag",
        "rmi",
        "inspect",
        "exec",
        "stop",
        "logs",
        "login",
        "kill",
        "start",
        "restart",
        "ps",
    }
    | {"image", "container", "volume", "network", "rm", "images", "save", "manifest"}
)
MOVES: Final = frozenset({"mv", "rm", "move", "remove", "rename"})
SERVERS: Final = frozenset({"gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "granian"})
"""They are told ``package.module:application``."""
HARMLESS: Final = frozenset({"true", ":", "echo", "printf", "continue", "warn", "log", "info"})
FAILING: Final = frozenset({"exit", "return", "false", "die", "fail", "abort", "error", "throw"})

ROOT_VARIABLES: Final = frozenset(
    {"GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE", "BUILD_SOURCESDIRECTORY", "TRAVIS_BUILD_DIR"}
    | {"APPVEYOR_BUILD_FOLDER", "CIRCLE_WORKING_DIRECTORY", "BITBUCKET_CLONE_DIR", "REPO_ROOT", "GIT_ROOT"}
    | {
        "PROJECT_ROOT",
        "ROOT_DIR",
        "ROOTDIR",
        "REPO_DIR",
        "TOPDIR",
        "TOP_DIR",
        "ROOT",
        "REPO",
        "github.workspace",
    }
    | {
        "BUILDKITE_BUILD_CHECKOUT_PATH",
        "BUILD_SOURCES_DIRECTORY",
        "SYSTEM_DEFAULTWORKINGDIRECTORY",
        "BASE_DIR",
    }
    | {"Build.SourcesDirectory", "System.DefaultWorkingDirectory", "env.GITHUB_WORKSPACE", "env.WORKSPACE"}
)
STARTED_IN: Final = ("SLURM_SUBMIT_DIR", "PBS_O_WORKDIR", "LS_SUBCWD", "LSB_SUBCWD", "SGE_O_WORKDIR")
"""What schedulers of clusters call the directory that a job was handed in from."""
HERE_VARIABLES: Final = frozenset(
    {"SCRIPT_DIR", "SCRIPTDIR", "SCRIPT_PATH", "SCRIPTPATH", "HERE", "PSScriptRoot", "THIS_DIR", "CURDIR"}
    | {"CURRENT_DIR", "DIR", "BASEDIR", "MYDIR", "SELF_DIR", "BASH_SOURCE%/*", "0%/*", "0:h", "0:A:h", "cwd"}
    | {"GITHUB_ACTION_PATH", "github.action_path", "justfile_directory()", "source_directory()", "__dirname"}
)
ELSEWHERE: Final = (
    "HOME", "TMP", "TEMP", "BUILD", "OUT", "DEST", "DIST", "INSTALL", "PREFIX", "CACHE", "TARGET", "VENV",
    "CONDA", "ARTIFACT", "LOG", "USERPROFILE", "APPDATA", "PROGRAMFILES", "RUNNER_", "runner.", "PYTHON",
    "NODE_ENV", "URL", "REGISTRY", "IMAGE", "HOST", "USER", "SYSROOT",
)  # fmt: skip
"""Parts of names of variables that lead out of what is tracked."""
