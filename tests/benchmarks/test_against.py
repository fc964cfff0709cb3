"""Two versions compared: what their rounds say, which commit is meant, and whose code is served."""

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from app.config import project_file
from tests.benchmarks.against.commit import BadCommit, find, lay_out
from tests.benchmarks.against.measure import Found, compared
from tests.benchmarks.against.stages import How, Stage, plain_cases, plain_names
from tests.benchmarks.against.tell import is_failure
from tests.benchmarks.against.verdict import Comparison, Verdict, Weight, by_chance, spread
from tests.benchmarks.against.version import Version
from tests.benchmarks.load import Load
from tests.benchmarks.turns import PATHS, Contender
from tests.worker import running

WORSE, BETTER, OPEN = Verdict.WORSE, Verdict.BETTER, Verdict.OPEN


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([100, 110, 120], [80, 90, 99], WORSE),
        ([100, 110, 120], [121, 130, 140], BETTER),
        ([100, 110, 120], [80, 90, 101], OPEN),
        ([100, 110, 120], [119, 130, 140], OPEN),
        ([100, 110, 120], [105, 106, 107], OPEN),
        ([100, 110, 120], [10, 20, 300], OPEN),
        # They touch: nothing says which is quicker.
        ([100, 110, 120], [80, 90, 100], OPEN),
        ([100, 110, 120], [120, 130, 140], OPEN),
        ([100], [99], WORSE),
        ([100], [100], OPEN),
    ],
)
def test_a_case_is_worse_or_better_where_the_spreads_are_apart(
    old: list[float], new: list[float], verdict: Verdict
) -> None:
    assert Comparison("case", "A case", spread(new), spread(old)).verdict is verdict


@pytest.mark.parametrize(
    ("old", "new", "ratio"), [([100, 200, 900], [10, 100, 110], 0.5), ([1, 3], [3, 5], 2.0)]
)
def test_the_ratio_is_of_medians_new_to_old(old: list[float], new: list[float], ratio: float) -> None:
    assert Comparison("case", "A case", spread(new), spread(old)).ratio == ratio


@pytest.mark.parametrize(("rounds", "one_in"), [(1, 2), (2, 6), (5, 252)])
def test_chance_is_told(rounds: int, one_in: int) -> None:
    assert by_chance(rounds) == one_in


@pytest.mark.parametrize(
    ("old", "new", "memory", "fails"),
    [
        ([100], [99], 149_000_000, True),
        ([100], [100], 149_000_000, False),
        ([100], [101], 150_000_000, True),
        # Nothing was compared.
        (None, [1], 149_000_000, True),
    ],
)
def test_a_worse_case_too_much_memory_and_no_comparison_fail(
    old: list[float] | None, new: list[float], memory: int, fails: bool
) -> None:
    case = Comparison("case", "A case", spread(new), spread(old) if old else None)
    # The other version may weigh what it likes.
    found = Found([case], [Weight("Memory", memory, 400_000_000, 150_000_000)])
    assert is_failure(found) is fails


def test_what_the_other_version_cannot_do_is_skipped_with_its_reason() -> None:
    def works(number: int) -> Load:
        return Load(1, 10.0 + number, 1, 1)

    def fails(number: int) -> Load:
        if number == 1:
            raise RuntimeError("expected 200, got 404")
        return works(number)

    ours = Stage({name: (name, works) for name in ("both", "new", "refused")})
    theirs = Stage({"both": ("both", works), "refused": ("refused", fails)})
    cases = {each.name: each for each in compared(ours, theirs, "it has no such case", "", 3)}
    assert cases["both"].old == cases["both"].new
    assert {name: each.skipped for name, each in cases.items() if each.old is None} == {
        "new": "it has no such case",
        "refused": "expected 200, got 404",
    }
    assert cases["refused"].new.most == 12.0


def test_the_cases_of_a_stage_are_known_by_name_before_it_is_opened() -> None:
    nobody = Contender("http://127.0.0.1:1", "", {}, PATHS)
    assert list(plain_cases(nobody, How(None, 1, 1))) == plain_names()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Of two commits: one without a benchmark, and one with it."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    directory = tmp_path / "repository"
    (directory / "tests" / "benchmarks").mkdir(parents=True)
    _git(directory, "init", "--quiet")
    for names in (["README.md"], ["tests/benchmarks/stock.py", "tests/benchmarks/change.py"]):
        for name in names:
            (directory / name).write_text(name)
        _git(directory, "add", ".")
        _git(directory, "commit", "--quiet", "--message", "Another")
    return directory


def test_a_commit_is_laid_out_beside_the_repository(repository: Path, tmp_path: Path) -> None:
    (repository / "README.md").write_text("changed since")
    lay_out(find("HEAD", repository), repository, tmp_path / "tree")
    assert (tmp_path / "tree" / "README.md").read_text() == "README.md"
    assert (repository / "README.md").read_text() == "changed since"


@pytest.mark.parametrize("name", ["nonsense", "", "HEAD~9", "--all", "HEAD:README.md"])
def test_an_unknown_commit_is_told_in_a_sentence(repository: Path, name: str) -> None:
    with pytest.raises(BadCommit, match=r"^There is no commit '.*' here: `git log --oneline` lists"):
        find(name, repository)


def test_a_commit_without_a_benchmark_is_told_in_a_sentence(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(BadCommit, match="has no benchmark"):
        lay_out(find("HEAD~1", repository), repository, tmp_path / "tree")


def test_a_version_is_served_by_the_code_of_its_own_tree(sqlite_url: str, tmp_path: Path) -> None:
    tree = _copy(tmp_path / "tree")
    api = tree / "app" / "api" / "__init__.py"
    api.write_text(api.read_text().replace('title="Saferplan"', 'title="Another version"'))
    server = Version("other", tree).server(sqlite_url, tmp_path / "server.log")
    with running(server):
        described = httpx.get(f"{server.url}/api/v1/openapi.json", timeout=60).json()
    assert described["info"]["title"] == "Another version"


def test_a_hand_fills_by_the_code_of_its_own_tree(tmp_path: Path) -> None:
    tree = _copy(tmp_path / "tree")
    stock = tree / "tests" / "benchmarks" / "stock.py"
    stock.write_text("def build(directory):\n    raise RuntimeError('another version fills')\n")
    with (
        pytest.raises(RuntimeError, match="another version fills"),
        Version("other", tree).hand("stock", tmp_path / "made"),
    ):
        pass


def test_a_hand_without_a_tree_of_its_own_refuses(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    with (
        pytest.raises(RuntimeError, match="another version's"),
        Version("other", tmp_path / "tree").hand("stock", tmp_path / "made"),
    ):
        pass


def _copy(tree: Path) -> Path:
    for name in ("app", "migrations", "tests"):
        shutil.copytree(project_file(name), tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project_file("pyproject.toml"), tree)
    return tree


def _git(directory: Path, *arguments: str) -> None:
    author = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    subprocess.run(["git", "-C", directory, *author, *arguments], check=True, capture_output=True)
