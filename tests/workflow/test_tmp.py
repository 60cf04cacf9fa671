from tests.conftest import MOVES, STEPS, Repo
def test_all(lab: Repo, archived_tree: str) -> None:
    done = lab.archive()
    assert lab.renames() == MOVES
    assert lab.tree == archived_tree
    assert not lab.archive().changed
    lab.undo()
def test_2(lab: Repo, archived_tree: str) -> None:
    lab.step(*STEPS, "commit")
    assert lab.tree == archived_tree
