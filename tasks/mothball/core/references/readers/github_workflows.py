"""GitHub's workflows and actions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, ROOT, Claim, Severity, Unreadable
from mothball.core.references.config.yaml_claims import Site, combined, comments, hashed, unparsed
from mothball.core.references.config.yaml_nodes import Node, yaml_documents
from mothball.core.references.reader import Reader
from mothball.core.references.shell.places import tidy

_FILTERS: Final = ("paths", "paths-ignore")
_NO_PATHS: Final = re.compile(
    r".*(?:name|repository|ref|token|tags?|labels?|images?|key|restore-keys|script|message|title|body|url|registry"
    r"|password|username|version|branch|secrets?|fetch-depth|recipients?|platforms?|subject|reviewers|outputs?"
    r"|cache-from|cache-to|description|type|target-branch|target_branch|commit.*)"
)
_FILES: Final = re.compile(
    r".*(?:directory|dir|path|paths|file|files|folder|context|config|manifest|package_json_file|entrypoint|root"
    r"|working-directory|cwd|project|workspaces|dependency-path|folders|src|source)"
)
_COMMANDS: Final = re.compile(
    r"run|command|commands|args|cmd|build-?command|test-?command|run-build|pre-?build"
)
_TRANSFERS: Final = re.compile(r"actions/(?:upload-artifact|download-artifact|cache)")
_SHELLS: Final = re.compile(r"(?:bash|sh|pwsh|powershell|cmd|zsh)\b|.*\bbash\b")
_MATRIX: Final = "matrix."


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What the steps of a job share."""

    directory: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    matrix: Mapping[str, Node] = field(default_factory=dict)
    masked: bool = False
    prose: bool = False
    checkouts: tuple[str, ...] = ()
    home: tuple[str, ...] = ()

    def site(self, kind: str, directory: str = "", *, masked: bool = False) -> Site:
        return Site(
            kind=kind,
            bases=(*_spread(directory, self.variables), *self.home),
            severity=Severity.MASKED if masked or self.masked else Severity.HARD,
            variables=self.variables,
            prose=self.prose,
        )


class GithubWorkflows(Reader):
    """Reads workflows, and the actions of the repository."""

    kind: ClassVar[str] = "workflow"
    always: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = (
        *(".github/workflows/*.yml", ".github/workflows/*.yaml", "*/.github/workflows/*.yml"),
        *("*/.github/workflows/*.yaml", "action.yml", "action.yaml", "workflow-templates/*.yml"),
        *(".gitea/workflows/*.y*ml", ".forgejo/workflows/*.y*ml"),
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what steps run and use, and what filters match."""
        try:
            roots = list(yaml_documents(text))
        except Unreadable as error:
            yield from unparsed(text, "workflow-text", (ROOT,), error)
            return
        # A workflow below the root is run by nobody, but it may be a template of one.
        prose = "workflows/" in path and not path.startswith((".g", ".f"))
        for root in roots:
            for claim in _workflow(root, path):
                yield replace(claim, prose=True) if prose else claim
        yield from comments(text, "workflow-comment")


def _workflow(root: Node, path: str) -> Iterator[Claim]:
    yield from hashed(root, "workflow-hash")
    for event, node in root.get("on").pairs:
        del event
        for key in _FILTERS:
            yield from Site(kind="workflow-filter", severity=Severity.CONFIG).patterns(node.get(key))
    default = root.get("defaults", "run", "working-directory")
    yield from Site(kind="workflow-directory").paths(default)
    top = default.value
    variables = _environment(root)
    yield from _values(root.get("env"), Site(kind="workflow-env", severity=Severity.CONFIG))
    for _, job in root.get("jobs").pairs:
        yield from _job(job, top, variables)
    runs = root.get("runs")
    if runs.pairs:
        yield from _action(runs, path)


def _action(runs: Node, path: str) -> Iterator[Claim]:
    near = Site(kind="action-file", bases=(HERE,))
    for key in ("main", "pre", "post", "image"):
        if "://" not in runs.get(key).value:
            yield from near.paths(runs.get(key))
    del path
    yield from _steps(runs.get("steps"), _Job(home=(HERE,)))


def _job(job: Node, top: str, variables: Mapping[str, str]) -> Iterator[Claim]:
    matrix = _matrix(job.get("strategy", "matrix"))
    known = dict(variables) | _environment(job)
    for name, node in matrix.items():
        values = [one.value for one in node.scalars() if one.value and "${{" not in one.value]
        if values:
            known[_MATRIX + name] = values[0] if len(values) == 1 else "{" + ",".join(values[:40]) + "}"
    default = job.get("defaults", "run", "working-directory")
    checkouts = tuple(
        step.get("with", "path").value
        for step in job.get("steps").items
        if step.get("uses").value.startswith("actions/checkout")
        and step.get("with", "path").value
        and not step.get("with", "repository").value
    )
    shared = _Job(
        directory=default.value or top,
        variables=known,
        matrix=matrix,
        masked=job.get("continue-on-error").value == "true",
        checkouts=tuple(tidy(one) for one in checkouts),
    )
    yield from _within(shared.site("workflow-directory").paths(default), shared)
    yield from _values(job.get("env"), Site(kind="workflow-env", severity=Severity.CONFIG))
    yield from _uses(job, shared)
    yield from _inputs(job, shared)
    for name, node in matrix.items():
        del name
        yield from _values(node, shared.site("workflow-matrix"))
    yield from _steps(job.get("steps"), shared)


def _steps(steps: Node, job: _Job) -> Iterator[Claim]:
    for step in steps.items:
        masked = step.get("continue-on-error").value == "true" or "failure()" in step.get("if").value
        own = step.get("working-directory")
        directory = own.value or job.directory
        yield from _within(job.site("workflow-directory", masked=masked).paths(own), job)
        local = replace(job, variables=dict(job.variables) | _environment(step))
        site = local.site("workflow-command", directory, masked=masked)
        shell = step.get("shell").value
        if not shell or _SHELLS.match(shell):
            yield from _within(site.commands(step.get("run")), job)
        elif shell.startswith("python"):
            yield from _within(site.python(step.get("run")), job)
        yield from _within(
            _values(step.get("env"), replace(site, kind="workflow-env", severity=Severity.CONFIG)), job
        )
        yield from _uses(step, local)
        yield from _within(_inputs(step, local, masked=masked), job)
        yield from _combinations(step, local, directory)


def _combinations(step: Node, job: _Job, directory: str) -> Iterator[Claim]:
    for name, values in job.matrix.items():
        escaped = re.escape(_MATRIX + name)
        for node in (step.get("run"), step.get("uses"), *(value for _, value in step.get("with").pairs)):
            yield from combined(node, escaped, values, job.site("workflow-matrix", directory))
        yield from combined(step.get("working-directory"), escaped, values, job.site("workflow-matrix"))


def _uses(node: Node, job: _Job) -> Iterator[Claim]:
    uses = node.get("uses")
    if uses.placed is None or not uses.value.startswith("./"):
        return
    line, column = uses.placed.at(0)
    name = tidy(uses.value)
    for checkout in job.checkouts:
        name = name.removeprefix(checkout + "/")
    if not name.endswith((".yml", ".yaml")):
        name += "/{action.yml,action.yaml,Dockerfile}"
    text = uses.placed.raw(0, len(uses.value))
    yield Claim(
        line=line, column=column, text=text, kind="workflow-uses", name=name, bases=(ROOT,), firm=True
    )


def _inputs(step: Node, job: _Job, *, masked: bool = False) -> Iterator[Claim]:
    hidden = masked or _TRANSFERS.match(step.get("uses").value) is not None
    site = job.site("workflow-input", masked=hidden)
    for key, value in step.get("with").pairs:
        name = key.value.lower()
        if _NO_PATHS.fullmatch(name) or (name == "path" and "actions/checkout" in step.get("uses").value):
            continue
        if _COMMANDS.fullmatch(name):
            yield from site.commands(value)
        else:
            yield from site.paths(value, bare=_FILES.fullmatch(name) is not None)


def _values(node: Node, site: Site) -> Iterator[Claim]:
    for one in node.everywhere():
        if one.placed is not None and "://" not in one.value and "\n" not in one.value:
            yield from site.paths(one, bare=False)


def _environment(node: Node) -> dict[str, str]:
    found = {}
    for key, value in node.get("env").pairs:
        if value.placed is not None and len(value.value) < 300 and not set(value.value) & set(" \n$"):
            found[key.value] = found["env." + key.value] = value.value
    return found


def _matrix(node: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, value in node.pairs:
        if key.value in {"include", "exclude"}:
            for item in value.items if key.value == "include" else ():
                for name, one in item.pairs:
                    found.setdefault(name.value, Node()).items.append(one)
        elif value.items:
            found.setdefault(key.value, Node()).items.extend(value.items)
            for item in value.items:
                for name, one in item.pairs:
                    found.setdefault(f"{key.value}.{name.value}", Node()).items.append(one)
    return found


def _spread(directory: str, variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the directories that one may be which a matrix chooses."""
    if "${{" not in directory:
        return (tidy(directory.removeprefix("/")),)
    found = re.search(r"\$\{\{\s*([\w.-]+)\s*\}\}", directory)
    value = variables.get(found[1], "") if found else ""
    if found is None:
        return (ROOT,)
    if found[1] == "github.workspace":
        return (tidy(directory[found.end() :].lstrip("/")),)
    options = value.strip("{}").split(",") if value else []
    return tuple(tidy(directory[: found.start()] + one + directory[found.end() :]) for one in options) or (
        ROOT,
    )


def _within(claims: Iterator[Claim], job: _Job) -> Iterator[Claim]:
    """Take away the directory that the repository was checked out to."""
    for claim in claims:
        name, bases = claim.wanted, claim.bases
        for checkout in job.checkouts:
            if name == checkout or name.startswith(checkout + "/"):
                name = name[len(checkout) + 1 :] or "."
            bases = tuple(_cut(base, checkout) for base in bases)
        yield claim if not job.checkouts else replace(claim, name=name, bases=bases)


def _cut(base: str, checkout: str) -> str:
    return base[len(checkout) + 1 :] if base == checkout or base.startswith(checkout + "/") else base
