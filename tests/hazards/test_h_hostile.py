"""Hazards of hostile input, and of what it might do to those who look at the output."""

import json
import os
import re
import resource
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from mothball.core.errors import MothballError, Refused, Undecided
from mothball.effects import git
from mothball.workflow import preview as look
from mothball.workflow import validate
from tests.hazards.names import MOVES
from tests.hazards.world import (
    FILES,
    PLAN,
    REPORTED,
    WITH_README,
    Link,
    Program,
    Repo,
    at,
    hazard,
    healthy,
    killed,
    make,
    on_terminal,
    plan_of,
    plans_refused,
    program,
    refused,
)


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that hostile code makes when it runs."""
    return tmp_path / "pwned"


def read_everything(repo: Repo) -> None:
    """Do all that only reads, as somebody does who looks first; a refusal is as good as an answer."""
    for read in (
        repo.preview,
        lambda: look.status(repo.session(), repo.plan()),
        lambda: look.why(repo.session(), repo.plan(), "old/a.py"),
        lambda: validate.before(repo.session(), repo.plan(), lambda _: None),
        lambda: validate.after(repo.session(), repo.plan(), lambda _: None),
    ):
        with suppress(MothballError):
            read()


@hazard(85)
def test_nothing_of_a_hostile_directory_is_run(repo: Repo, tmp_path: Path, marker: Path) -> None:
    code = f"open({str(marker)!r}, 'w')\n"
    modules = [
        "tasks.py",
        "invoke.py",
        "mothball.py",
        "noxfile.py",
        "conftest.py",
        "sitecustomize.py",
        "json.py",
    ]
    modules += [
        "pathspec.py",
        "pydantic.py",
        "rich.py",
        "tasks/__init__.py",
        "invoke/__init__.py",
        "tomllib.py",
    ]
    repo.commit(dict.fromkeys(modules, code))
    shell = tmp_path / "shell"
    shell.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    shell.chmod(0o755)
    for name in ("invoke.yaml", "invoke.yml", "mothball.yaml", ".invoke.yaml", "nox.toml"):
        repo.put({name: f"run:\n  shell: {shell}\nsudo:\n  password: x\n"})
    repo.commit({"invoke.json": json.dumps({"run": {"shell": str(shell)}})})
    for arguments in (("--list",), ("archive.plan",), ("validate.before",), ("archive.all",)):
        done = program(*arguments, cwd=repo.root)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode == 0
    assert not marker.exists()


@hazard(85)
def test_commands_of_a_plan_from_elsewhere_are_not_run_without_a_word(tmp_path: Path, marker: Path) -> None:
    plan = PLAN + f"\n[validate]\ncommands = ['touch {marker}']\n"
    origin = make(tmp_path / "origin", plan=plan)
    origin.git("clone", "--quiet", str(origin.root), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    clone.git("config", "user.name", "Maintainer")
    clone.git("config", "user.email", "maintainer@example.org")
    read_everything(clone)
    refused(clone, Refused, clone.archive, "commands-untrusted")
    assert not marker.exists()


def script(tmp_path: Path, marker: Path) -> str:
    """Make a program that leaves the marker."""
    place = tmp_path / "evil"
    place.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    place.chmod(0o755)
    return str(place)


PROMISE = {
    "remote.origin.promisor": "true",
    "extensions.partialClone": "origin",
    "core.repositoryFormatVersion": "1",
}
VECTORS: dict[str, dict[str, str]] = {
    "programs for everything": {
        **dict.fromkeys(("core.fsmonitor", "core.editor", "sequence.editor", "core.askPass"), "EVIL"),
        **dict.fromkeys(("core.pager", "pager.log", "pager.status", "pager.config"), "EVIL"),
        **dict.fromkeys(("diff.external", "diff.evil.textconv", "diff.evil.command"), "EVIL"),
        **dict.fromkeys(("gpg.program", "gpg.ssh.program", "core.alternateRefsCommand"), "EVIL"),
        **dict.fromkeys(("core.gitProxy", "trailer.evil.command", "trailer.evil.cmd"), "EVIL"),
        **dict.fromkeys(("alias.status", "alias.log", "alias.ls-files", "credential.helper"), "!EVIL"),
        "core.hooksPath": "hostile-hooks",
        "include.path": "../hostile.config",
        "log.showSignature": "true",
        "trailer.evil.key": "Mothball-Base",
        "gc.auto": "1",
    },
    "hooks in their own place": {},
    "traces": dict.fromkeys(("trace2.eventTarget", "trace2.normalTarget", "trace2.perfTarget"), "PWNED"),
    "an ssh of its own": {"core.sshCommand": "EVIL", "remote.origin.url": "ssh://127.0.0.1/x", **PROMISE},
    "a promise of objects": {"remote.origin.url": "ext::EVIL", "protocol.ext.allow": "always", **PROMISE},
    "an upload": {"remote.origin.url": ".", "remote.origin.uploadpack": "EVIL", **PROMISE},
}


@hazard(86)
@pytest.mark.parametrize("settings", VECTORS.values(), ids=VECTORS)
def test_a_hostile_configuration_runs_nothing_when_read(
    tmp_path: Path, marker: Path, settings: dict[str, str]
) -> None:
    evil = script(tmp_path, marker)
    repo = make(tmp_path / "repo")
    repo.commit({".gitattributes": "*.md diff=evil\n", "hostile.config": f"[core]\n\tfsmonitor = {evil}\n"})
    signed_by_nobody(repo)
    if "remote.origin.promisor" in settings:
        lose_a_blob_of_history(repo)
    for name, value in settings.items():
        repo.git("config", name, value.replace("EVIL", evil).replace("PWNED", str(marker)))
    names = "pre-commit post-index-change reference-transaction post-checkout fsmonitor-watchman pre-auto-gc"
    repo.put({f"hostile-hooks/{name}": Program(Path(evil).read_text()) for name in names.split()})
    repo.put({f".git/hooks/{name}": Program(Path(evil).read_text()) for name in names.split()})
    os.utime(repo.path("README.md"), (1, 1))
    marker.unlink(missing_ok=True)
    read_everything(repo)
    assert not marker.exists()
    for command in ("status", "log -p", "update-index --refresh"):
        repo.git(*command.split(), check=False)
    if "trace2.eventTarget" not in settings:  # git heeds that one in the user's own configuration only
        assert marker.exists(), "the trap does not even catch git"


def signed_by_nobody(repo: Repo) -> None:
    """Put a signature on the last commit that only a program could check."""
    raw = repo.git("cat-file", "commit", "HEAD")
    head, _, message = raw.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----"
    signed = f"{head}\n{signature}\n\n{message}\n\nMothball-Base: {'0' * 40}\n"
    commit = repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=signed.encode())
    repo.git("update-ref", "HEAD", commit)


def lose_a_blob_of_history(repo: Repo) -> None:
    """Remove objects that git would fetch when it misses them."""
    names = ("HEAD:README.md", "HEAD~1^{tree}", "HEAD^{tree}")
    for blob in repo.git("rev-parse", *names).splitlines():
        repo.path(f".git/objects/{blob[:2]}/{blob[2:]}").unlink(missing_ok=True)


@hazard(86)
def test_a_work_tree_that_the_configuration_puts_elsewhere_is_not_acted_on(tmp_path: Path) -> None:
    victim = make(tmp_path / "victim")
    hostile = make(tmp_path / "hostile")
    hostile.git("config", "core.worktree", str(victim.root))
    before = victim.picture(exactly=True)
    for arguments in (("archive.all",), ("archive.structure",)):
        done = program(*arguments, cwd=hostile.root)
        assert done.returncode == 4, done.stderr.decode() + done.stdout.decode()
    assert victim.picture(exactly=True) == before


@hazard(86)
def test_hooks_of_the_repository_run_in_the_commit_only(repo: Repo, marker: Path) -> None:
    names = "post-index-change reference-transaction post-checkout pre-commit post-commit post-rewrite"
    repo.put(
        {f".git/hooks/{name}": Program(f"#!/bin/sh\necho {name} >> '{marker}'\n") for name in names.split()}
    )
    repo.preview()
    repo.step("old")
    repo.undo()
    assert not marker.exists()
    repo.archive()
    assert "pre-commit" in marker.read_text().split()


@hazard(87)
@pytest.mark.parametrize("place", ["embedded.git", "embedded.git/refs"])
def test_a_bare_repository_inside_a_clone_runs_nothing(
    repo: Repo, tmp_path: Path, marker: Path, place: str
) -> None:
    evil = script(tmp_path, marker)
    repo.git("init", "--quiet", "--bare", "embedded.git")
    bare = Repo(repo.path("embedded.git"))
    for name, value in {
        "core.fsmonitor": evil,
        "core.bare": "false",
        "core.worktree": str(repo.root),
    }.items():
        bare.git("config", name, value)
    bare.put({"HEAD": "ref: refs/heads/main\n"})
    read_everything(Repo(repo.path(place)))
    program("--list", cwd=repo.path(place))
    assert not marker.exists()
    bare.git("status", check=False)
    assert marker.exists(), "the trap does not even catch git"


@hazard(88)
def test_a_repository_of_somebody_else_is_refused_in_gits_own_words(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Refused, match=r"dubious ownership|safe\.directory"):
        repo.archive()
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path)
    assert done.returncode == 4
    assert b"safe.directory" in done.stderr
    monkeypatch.delenv("GIT_TEST_ASSUME_DIFFERENT_OWNER")
    assert repo.git("config", "--get-all", "safe.directory", check=False) == ""
    assert repo.path("old/a.py").exists()


def hostile_tree(tmp_path: Path) -> Repo:
    """Make a repository whose names all want to paint."""
    files = {f"old/{name}": f"{number}\n" for number, name in enumerate(MOVES)}
    files |= {f"src/{name}": "kept\n" for name in ("[bold red]x[/]", "[/]", "[link=http://x]y", "\x9b31m")}
    return make(
        tmp_path / "repo",
        {**files, "old/[/]": "x\n", "old/[bold]x[/bold]": "x\n", "old/:smile:": "x\n"},
        WITH_README,
    )


SGR = re.compile(rb"\x1b\[[0-9;]*m|\x1b\[\?25[lh]|\x1b\[[0-9]*[AK]|\x1b\[2K|\r")
COMMANDS = (("archive.plan",), ("archive.status",), ("validate.before",), ("archive.all",), ("archive.undo",))


def quiet(shown: bytes) -> None:
    """Expect that what is shown breaks lines and does nothing else to a terminal."""
    for line in shown.replace(b"\r\n", b"\n").split(b"\n"):
        text = line.decode("utf-8")
        assert text.isprintable(), text


@hazard(89)
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_hostile_names_paint_nothing_into_a_pipe(tmp_path: Path, locale: str) -> None:
    repo = hostile_tree(tmp_path)
    for arguments in COMMANDS if locale != "C" else COMMANDS[::3]:
        done = program(*arguments, "--repo", str(repo.root), cwd=tmp_path, LC_ALL=locale)
        assert done.returncode == 0, done.stderr.decode()
        quiet(done.stdout)
        quiet(done.stderr)


@hazard(89)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_names_that_a_terminal_cannot_show_break_nothing(tmp_path: Path, encoding: str) -> None:
    repo = make(
        tmp_path / "repo",
        {f"old/{name}.py": name for name in ("é", "日本", "😀")} | {"src/main.py": "main\n"},
    )
    for arguments in COMMANDS[0], COMMANDS[3]:
        done = program(*arguments, "--repo", str(repo.root), cwd=tmp_path, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr.decode(encoding)


@hazard(89)
def test_hostile_names_paint_nothing_on_a_terminal(tmp_path: Path) -> None:
    repo = hostile_tree(tmp_path)
    for arguments in COMMANDS[0], COMMANDS[3]:
        shown, code = on_terminal(*arguments, "--repo", str(repo.root), cwd=tmp_path)
        assert code == 0, shown.decode()
        assert b"\x1b]" not in shown
        quiet(SGR.sub(b"", shown.replace(b"\r\n", b"\n")))


@hazard(89)
def test_hostile_names_paint_nothing_in_an_error(tmp_path: Path) -> None:
    repo = hostile_tree(tmp_path)
    repo.put({f"old/{name}": "edited\n" for name in MOVES})
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path)
    assert done.returncode == 4
    quiet(done.stderr)
    done = program("archive.why", "\x1b]0;title\x07[bold]x", "--repo", str(repo.root), cwd=tmp_path)
    quiet(done.stdout)
    done = program("archive.restore", "\x1b[2J", "--repo", str(repo.root), cwd=tmp_path)
    quiet(done.stderr)


@hazard(89, 90)
def test_json_is_one_document_in_plain_letters(tmp_path: Path) -> None:
    repo = hostile_tree(tmp_path)
    done = program("archive.plan", "--json", "--repo", str(repo.root), cwd=tmp_path)
    assert done.stdout.isascii()
    document = json.dumps(json.loads(done.stdout))
    assert "\x1b" not in document


class Elements(HTMLParser):
    """Collect the elements of a page and the addresses in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, int] = {}
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] = self.found.get(tag, 0) + 1
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not any(name.startswith("on") for name, _ in attrs)


def elements(page: bytes) -> Elements:
    """Render a Markdown page as a forge does, HTML in it included, and parse that."""
    found = Elements()
    found.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(page.decode()))
    return found


@hazard(90)
@pytest.mark.parametrize("page", ["archive/README.md", "README.md"])
def test_hostile_names_add_nothing_to_the_pages(tmp_path: Path, page: str) -> None:
    number = len(MOVES)
    plain = make(tmp_path / "plain", {f"old/{count:02}.py": "x\n" for count in range(number)}, WITH_README)
    repo = make(tmp_path / "repo", {f"old/{name}": "x\n" for name in MOVES}, WITH_README)
    plain.archive()
    repo.archive()
    ours, theirs = elements(plain.read(page)), elements(repo.read(page))
    assert theirs.found == ours.found
    for address in theirs.addresses:
        assert address.startswith(("./", "../")), address


@hazard(90)
def test_hostile_texts_of_a_plan_add_nothing_to_the_pages(tmp_path: Path) -> None:
    evil = (
        "<img src=x onerror=alert(1)> </td> [x](javascript:alert(1)) | # h `a` <!-- mothball:end --> &lt;b>"
    )
    hostile = (
        WITH_README.replace("Old experiments", evil)
        .replace("Superseded.", evil)
        .replace('"Focus"', f'"{evil}"')
    )
    hostile += f'\n[[keep]]\ntitle = "{evil}"\npatterns = ["/src/*<script>*", "/src/"]\noptional = true\n'
    plan = WITH_README + '\n[[keep]]\ntitle = "Kept"\npatterns = ["/src/*kept*", "/src/"]\noptional = true\n'
    plain, repo = make(tmp_path / "plain", plan=plan), make(tmp_path / "repo", plan=hostile)
    plain.archive()
    repo.archive()
    for page in ("archive/README.md", "README.md"):
        ours, theirs = elements(plain.read(page)), elements(repo.read(page))
        assert not {"img", "script", "b"} & theirs.found.keys()
        assert theirs.found.get("td") == ours.found.get("td")
        assert [address for address in theirs.addresses if address.startswith("javascript")] == []
    assert not repo.archive().changed


EVIL = "<script>alert(1)</script>"
LEDGERS: dict[str, Callable[[dict[str, object]], object]] = {
    "a date": lambda row: row.update(last_commit={"id": "0" * 40, "date": EVIL}),
    "a commit": lambda row: row.update(last_commit={"id": EVIL, "date": "2020-01-01"}),
    "a number for a commit": lambda row: row.update(last_commit={"id": 7, "date": 8}),
    "a category": lambda row: row.update(category=f"x` {EVIL}"),
    "a blob": lambda row: row.update(blob=EVIL),
    "a mode": lambda row: row.update(mode="040000"),
    "a surrogate": lambda row: row.update({"from": "old/\ud800"}),
    "a NUL": lambda row: row.update({"from": "old/\0"}),
    "a newline": lambda row: row.update({"from": f"old/\n\n{EVIL}"}),
}


@hazard(90)
@pytest.mark.parametrize("change", LEDGERS.values(), ids=LEDGERS)
def test_a_hostile_ledger_adds_nothing_to_the_pages(
    tmp_path: Path, change: Callable[[dict[str, object]], object]
) -> None:
    repo = make(tmp_path / "repo", {**FILES, "extra/x.py": "x\n"}, plan_of("/old/", "/extra/"))
    repo.commit({"mothball.toml": PLAN})
    repo.archive()
    document = json.loads(repo.read("archive/ledger.json"))
    change(document["records"][0])
    document["categories"].setdefault(document["records"][0]["category"], {"title": EVIL, "reason": EVIL})
    repo.commit({"archive/ledger.json": json.dumps(document), "mothball.toml": plan_of("/old/", "/extra/")})
    try:
        repo.archive()
    except MothballError:
        pass
    except OSError as error:
        raise AssertionError(error) from error
    assert "script" not in elements(repo.read("archive/README.md")).found
    healthy(repo)


BOTH = b"<!-- mothball:begin -->\nours\n<!-- mothball:end -->\n"
BROKEN = {
    "no end": b"# P\n<!-- mothball:begin -->\ntext\n",
    "no begin": b"# P\n<!-- mothball:end -->\ntext\n",
    "reversed": b"# P\n<!-- mothball:end -->\ntext\n<!-- mothball:begin -->\n",
    "twice": BOTH + b"text\n" + BOTH,
    "nested": b"<!-- mothball:begin -->\n" + BOTH + b"<!-- mothball:end -->\n",
}


@hazard(91)
@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_markers_that_are_no_pair_are_refused(tmp_path: Path, text: bytes) -> None:
    repo = make(tmp_path / "repo", {**FILES, "README.md": text}, WITH_README)
    refused(repo, Refused, repo.archive)


WHOLE = {
    "in a fence": b"# P\n\n```md\n<!-- mothball:begin -->\n<!-- mothball:end -->\n```\nmine\n",
    "in a fence of tildes": b"# P\n\n~~~~\n<!-- mothball:end -->\n~~~\n<!-- mothball:begin -->\n~~~~\nmine\n",
    "in a sentence": b"# P\n\nWrite <!-- mothball:end --> there.\n",
    "a pair": b"before\n" + BOTH + b"after\n",
    "a pair of DOS": b"before\r\n" + BOTH.replace(b"\n", b"\r\n") + b"after\r\n",
    "DOS": b"# P\r\n\r\nmine\r\n",
    "a byte order mark": b"\xef\xbb\xbf# P\n\nmine\n",
    "a byte order mark and a pair": b"\xef\xbb\xbf" + BOTH + b"mine\n",
    "latin-1": b"# Caf\xe9\n\nmine\n",
    "no newline at the end": b"# P\n\nmine",
    "NUL": b"# P\0\n",
    "empty": b"",
    "lone returns": b"# P\rmine\r",
    "mixed ends": b"# P\r\nmine\nmore\r\n",
}


@hazard(91, 92)
@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_the_readers_own_bytes_stay_and_come_back(tmp_path: Path, text: bytes) -> None:
    repo = make(tmp_path / "repo", {**FILES, "README.md": text}, WITH_README)
    repo.archive()
    after = repo.read("README.md")
    start = after.index(b"<!-- mothball:begin (managed")
    end = after.index(b"<!-- mothball:end -->", start) + len(b"<!-- mothball:end -->")
    if BOTH in text.replace(b"\r\n", b"\n"):
        own = text[: text.index(b"<!--")], text[text.index(b"end -->") + len(b"end -->") :]
        assert (after[:start], after[end:]) == own
    else:
        assert after.startswith(text)
        assert after[end:].strip() == b""
    section = after[start:end]
    if b"\r" not in text.replace(b"\r\n", b""):
        assert (b"\r\n" in section) == (b"\r\n" in text)
    assert b"\xef\xbb\xbf" not in section
    assert not repo.preview().uncommitted
    repo.undo()
    assert repo.read("README.md") == text
    assert repo.tree() == repo.tree("HEAD~2")


@hazard(92)
@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664])
def test_the_readme_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    repo.path("README.md").chmod(mode)
    repo.commit()
    before = repo.tree()["README.md"][0]
    repo.archive()
    assert repo.path("README.md").stat().st_mode & 0o777 == mode
    assert repo.tree()["README.md"][0] == before


@hazard(92)
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
def test_a_readme_that_is_a_link_is_refused(tmp_path: Path, tracked: bool) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(b"theirs\n")
    files = {"old/a.py": "a\n", "src/main.py": "main\n"}
    repo = make(tmp_path / "repo", files, WITH_README)
    repo.put({"README.md": Link(str(outside))})
    if tracked:
        repo.commit()
    refused(repo, Refused, repo.archive, "pages")
    assert outside.read_bytes() == b"theirs\n"


@hazard(92)
def test_a_readme_saved_at_the_last_moment_is_not_written_over(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)

    def save(path: str) -> None:
        repo.put({path: "saved by an editor\n"})

    with pytest.raises(REPORTED), at("mothball.write", save, when=lambda path: path == "README.md"):
        repo.archive()
    assert repo.read("README.md") == b"saved by an editor\n"


@hazard(92)
@pytest.mark.parametrize("torn", ["", "# Proj"])
@pytest.mark.parametrize("moment", ["mothball.move", "/message"])
def test_a_file_that_was_being_written_is_never_taken_for_somebodys(
    tmp_path: Path, torn: str, moment: str
) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    before = repo.picture()
    assert killed(repo, *moment_of(moment))
    repo.put({f"{SPARE}.new": torn})
    assert repo.recover()
    assert repo.picture() == before
    assert not [*repo.path(".git/mothball").glob("write-*")]


@hazard(92)
@pytest.mark.parametrize("moment", ["mothball.move", "/message"])
def test_what_somebody_saved_while_a_run_was_killed_comes_back(tmp_path: Path, moment: str) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    assert killed(repo, *moment_of(moment))
    repo.put({SPARE: "saved by an editor\n"})
    with pytest.raises(Undecided, match=r"README\.md"):
        repo.recover()
    assert repo.read("README.md") == b"saved by an editor\n"


SPARE = f".git/mothball/write-{sha256(b'README.md').hexdigest()[:24]}"


def moment_of(name: str) -> tuple[str, int, str, str]:
    """Return where to kill a run: before README.md is written, or after."""
    return (name, 1, "all", "") if name == "mothball.move" else ("open", 1, "all", name)


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))


BOMBS: dict[str, Callable[[], str]] = {
    "one dotted key": lambda: ".".join("a" * 16_000) + " = 1\n",
    "dotted keys": lambda: "\n".join(f"k{number}." + ".".join("a" * 490) + " = 1" for number in range(250)),
    "nested lists in lines": lambda: "a = " + ("[" * 500 + "\n") * 200,
    "inline tables": lambda: "a = " + "{a=" * 300,
    "too large": lambda: "# \n" * 100_000,
    "a long line": lambda: f'title = "{"x" * 200_000}"',
    "unknown keys": lambda: "\n".join(f"x{number} = 1" for number in range(20_000)),
}


@hazard(93)
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_of_a_plan_is_refused_in_little_memory_and_time(
    repo: Repo, tmp_path: Path, bomb: Callable[[], str]
) -> None:
    repo.commit({"mothball.toml": bomb()})
    before = repo.picture(exactly=True)
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, limits=limited)
    assert done.returncode == 2, done.stderr.decode()[-300:]
    assert b"Traceback" not in done.stderr
    assert repo.picture(exactly=True) == before


@hazard(93)
@pytest.mark.parametrize("name", ["mothball.toml", "pyproject.toml", "archive/ledger.json", "README.md"])
def test_a_huge_file_does_not_flood_the_memory(repo: Repo, name: str) -> None:
    if name == "pyproject.toml":
        repo.path("mothball.toml").unlink()
    repo.put({"mothball.toml": WITH_README} if name == "README.md" else {})
    repo.path(name).parent.mkdir(exist_ok=True)
    with repo.path(name).open("wb") as file:
        file.truncate(2 << 30)
    for command in ("--list", "archive.plan"):
        done = program(command, cwd=repo.root, limits=limited)
        assert b"Traceback" not in done.stderr, done.stderr.decode()[-300:]
        assert done.returncode in ({0} if command == "--list" else {2, 3, 4})


PATTERNS = (
    "*a*a*a*a*a*a*a*a*a*a*a*ab", "*a" * 11 + "*c*b", "**/" * 15 + "b", "(*a){20}b", "[!b]*" * 7 + "[!b]c*b",
    "a?" * 7 + "*c*b", "**a**a**a**a**b", "/**/a/**/a/**/a/**/a/**/a/**/a/**/b", "*" * 200,
    "[[:alpha:]]*" * 6 + "1*b",
)  # fmt: skip
"""Patterns that keep an engine busy which tries again what it has tried."""
WILD = ("[!a]*" * 20 + "b", "a?" * 100 + "b", "[[:alpha:]]*" * 30 + "1", "**/" * 17 + "b", "a" * 257)
"""Patterns with more in them than anybody means."""


@hazard(94)
def test_patterns_that_would_blow_up_end_soon(tmp_path: Path) -> None:
    names = {f"old/{'a' * 200}{number}": "x\n" for number in range(5)}
    names["old/" + "a" * 200 + "b"] = "ends as a pattern does\n"
    names["old/" + "a/" * 300 + "b"] = "deep\n"
    plan = plan_of("/old/*", *PATTERNS).replace('"Superseded."', '"Superseded."\noptional = true')
    repo = make(tmp_path / "repo", {**names, "src/main.py": "main\n"}, plan)
    done = program("archive.plan", "--repo", str(repo.root), cwd=tmp_path, limits=limited)
    assert done.returncode == 0, done.stderr.decode()[-300:]


@hazard(94)
def test_patterns_with_too_much_in_them_are_refused(repo: Repo, tmp_path: Path) -> None:
    plans_refused(repo, tmp_path, (plan_of(pattern) for pattern in WILD))


@hazard(94)
@pytest.mark.parametrize("rules", [".gitignore", ".gitattributes"])
def test_rules_that_keep_git_busy_for_ever_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: str
) -> None:
    monkeypatch.setattr(git, "PATIENCE", 1)
    endless = "/archive/" + "**/a/" * 30 + "**/b -text\n"
    repo = make(tmp_path / "repo", {"old/" + "a/" * 60 + "a": "deep\n", "src/main.py": "main\n"})
    repo.commit({rules: endless if rules == ".gitattributes" else endless.replace(" -text", "")})
    for act in (repo.preview, repo.archive):
        assert "1 seconds" in str(refused(repo, Refused, act, "git-slow"))


@hazard(93)
def test_a_plan_with_a_hostile_title_does_not_break_the_list(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"mothball.toml": PLAN.replace("Old experiments", "\\u001b]0;pwn\\u0007[bold]x")})
    done = program("--list", cwd=repo.root)
    assert done.returncode == 0
    quiet(done.stdout)


@hazard(89)
def test_gits_own_words_are_shown_and_paint_nothing(repo: Repo, tmp_path: Path) -> None:
    repo.put(
        {".git/hooks/pre-commit": Program("#!/bin/sh\nprintf '\\033]0;pwn\\007\\033[2Jno\\n' >&2; exit 1\n")}
    )
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path)
    assert done.returncode == 7
    quiet(done.stderr)
    quiet(done.stdout)


@hazard(86)
@pytest.mark.parametrize(
    "name",
    [
        "",
        "/journal",
        "/journal.new",
        "/message",
        "/index.new",
        "/content",
        "/memory",
        "/memory/x.new",
        "/lock",
    ],
)
def test_records_that_lead_elsewhere_are_refused(repo: Repo, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "theirs").write_text("keep\n")
    place = repo.root / f".git/mothball{name}"
    place.parent.mkdir(parents=True, exist_ok=True)
    is_folder = name in {"", "/content", "/memory"}
    place.symlink_to(elsewhere if is_folder else elsewhere / "theirs")
    for action in (repo.preview, repo.archive, repo.undo):
        refused(repo, Refused, action, "store-link")
    assert [(one.name, one.read_text()) for one in elsewhere.iterdir()] == [("theirs", "keep\n")]
