"""Work composes: one after the other is one, and there and back is nothing."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.tree import Entry, Move, parents
from mothball.core.work import Work, Write, missing_directories

HOMES = "abcd"
FOLDERS = ("x", "x/y", "x/y/z", "w")
CONTENTS = (None, b"", b"one", b"two")


def moving(**places: str) -> Work:
    return Work(moves=tuple(Move(source, target, entry(source), "k") for source, target in places.items()))


def entry(name: str) -> Entry:
    return Entry("100644", name * 40)


@dataclass(frozen=True)
class World:
    """A work tree in small: where each file is, what the pages hold, which directories there are."""

    files: dict[str, Entry] = field(default_factory=lambda: {name: entry(name) for name in HOMES})
    pages: dict[str, bytes] = field(default_factory=dict)
    folders: frozenset[str] = frozenset({"x"})

    def after(self, work: Work) -> "World":
        """Do the work: each move takes what lay at its source before."""
        files = {
            path: kept for path, kept in self.files.items() if path not in {m.source for m in work.moves}
        }
        for move in work.moves:
            assert self.files[move.source] == move.entry, "a move of what is not there"
            assert move.target not in files, "a move onto something"
            files[move.target] = move.entry
        pages = dict(self.pages)
        for write in work.writes:
            assert pages.pop(write.path, None) == write.before, "a write over something else"
            if write.after is not None:
                pages[write.path] = write.after
        return World(files, pages, (self.folders | set(work.directories)) - set(work.discard))


@st.composite
def works(draw: st.DrawFn, world: World) -> Work:
    """Work that is possible in this world."""
    # A file has two places, its home and one in the archive: no plan moves onto what another move leaves.
    sources = draw(st.lists(st.sampled_from(sorted(world.files)), unique=True, max_size=3))
    pages = draw(st.lists(st.sampled_from(["page", "index"]), unique=True))
    made = draw(st.lists(st.sampled_from(FOLDERS), unique=True))
    gone = draw(st.lists(st.sampled_from(FOLDERS), unique=True))
    writes = [Write(path, world.pages.get(path), draw(st.sampled_from(CONTENTS))) for path in pages]
    return Work(
        directories=tuple(path for path in made if path not in world.folders),
        moves=tuple(Move(source, source.swapcase(), world.files[source], "k") for source in sources),
        writes=tuple(write for write in writes if write.before != write.after),
        discard=tuple(path for path in gone if path in world.folders),
    )


@st.composite
def stories(draw: st.DrawFn, length: int = 3) -> list[Work]:
    """Some works, each possible after the ones before it."""
    world, told = World(), []
    for _ in range(length):
        told.append(draw(works(world)))
        world = world.after(told[-1])
    return told


@settings(max_examples=40)
@given(stories(length=4))
def test_works_joined_have_the_effect_of_the_works_in_order(story: list[Work]) -> None:
    world, joined = World(), Work()
    for work in story:
        world, joined = world.after(work), joined.then(work)
    assert World().after(joined) == world


@settings(max_examples=40)
@given(stories(length=3))
def test_there_and_back_is_nothing(story: list[Work]) -> None:
    joined = Work()
    for work in story:
        joined = joined.then(work)
    assert not joined.then(joined.back())
    assert not joined.back().then(joined)


@settings(max_examples=40)
@given(stories(length=1))
def test_back_and_back_again_is_the_same_work(story: list[Work]) -> None:
    assert story[0].back().back() == story[0]


@settings(max_examples=40)
@given(stories(length=2))
def test_back_brings_the_world_of_before(story: list[Work]) -> None:
    world = World().after(story[0])
    assert world.after(story[1]).after(story[1].back()) == world


@settings(max_examples=40)
@given(stories(length=3))
def test_joining_is_associative(story: list[Work]) -> None:
    one, two, three = story
    world = World()
    left, right = one.then(two).then(three), one.then(two.then(three))
    assert world.after(left) == world.after(right)
    assert left.paths == right.paths


@settings(max_examples=40)
@given(stories(length=1))
def test_nothing_is_neutral(story: list[Work]) -> None:
    work = Work().then(story[0])
    assert set(work.moves) == set(story[0].moves)
    assert work == work.then(Work())


@settings(max_examples=40)
@given(stories(length=1))
def test_work_is_true_exactly_when_it_has_changes(story: list[Work]) -> None:
    assert bool(story[0]) == (len(story[0]) > 0)


def test_two_moves_of_one_file_become_one() -> None:
    assert moving(a="b").then(Work(moves=(Move("b", "c", entry("a"), "k"),))) == moving(a="c")


def test_a_move_keeps_the_category_and_entry_of_the_later_move() -> None:
    edited = Entry("100755", "f" * 40)
    joined = moving(a="b").then(Work(moves=(Move("b", "c", edited, "other"),)))
    assert joined.moves == (Move("a", "c", edited, "other"),)


def test_directories_keep_their_order_parents_first() -> None:
    joined = Work(directories=("x", "x/y")).then(Work(directories=("x/y/z", "w")))
    assert joined.directories == ("x", "x/y", "x/y/z", "w")


def test_the_way_back_removes_directories_deepest_first() -> None:
    assert Work(directories=("x", "x/y", "x/y/z")).back().discard == ("x/y/z", "x/y", "x")


def test_a_directory_made_and_discarded_is_forgotten() -> None:
    made = Work(directories=("x", "x/y"))
    assert not made.then(made.back())


def test_a_page_written_twice_is_written_once() -> None:
    first, second = Work(writes=(Write("p", None, b"1"),)), Work(writes=(Write("p", b"1", b"2"),))
    assert first.then(second).writes == (Write("p", None, b"2"),)


def test_paths_are_both_sides_of_moves_and_the_pages() -> None:
    work = moving(a="b").then(Work(writes=(Write("p", None, b""),), directories=("d",)))
    assert work.paths == {"a", "b", "p"}


paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map("/".join)


@settings(max_examples=40)
@given(st.lists(paths), st.lists(paths))
def test_missing_directories_are_all_that_the_targets_need_parents_first(
    targets: list[str], there: list[str]
) -> None:
    existing = frozenset(above for path in there for above in (path, *parents(path)))
    missing = missing_directories(targets, existing)
    assert not existing.intersection(missing)
    assert {above for target in targets for above in parents(target)} <= existing | set(missing)
    for number, path in enumerate(missing):
        assert all(above in existing or above in missing[:number] for above in parents(path))
    needed = {above for target in targets for above in parents(target)}
    assert set(missing) <= needed
