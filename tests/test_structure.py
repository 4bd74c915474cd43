"""What the package promises about itself: imports point one way, and a small command loads no large library."""

import ast
import graphlib
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from itertools import chain
from pathlib import Path

import pytest

import cleaner
from cleaner.__main__ import main as cleaner_main

ROOT = Path(cleaner.__file__).parent
ORDER = [
    {"version", "model"},
    {"text", "language", "engine", "dates", "headlines", "journal", "spool"},
    {"toml"},
    {"rules"},
    {"options"},
    {"records", "extract"},
    {"clean"},
    {"pages"},
    {"learn"},
    {"fingerprint"},
    {"group"},
    {"diff", "statements"},
    {"pipeline"},
    {"index"},
    {"api", "notebook"},
    {"report"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in ROOT.rglob("*.py")
}


def at_run_time(node):
    """The nodes below one, without what only a type checker sees."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from at_run_time(child)


def imported(path):
    """The modules that a file imports, wherever in it it does."""
    for node in at_run_time(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole.removeprefix("cleaner.") in MODULES else node.module


def ours(path):
    return {name.removeprefix("cleaner.") for name in imported(path) if name.split(".")[0] == "cleaner"}


def test_every_part_has_its_place():
    assert {name.split(".")[0] for name in MODULES} - {"__init__"} == set(RANK)


@pytest.mark.parametrize("name", sorted(MODULES.keys() - {"__init__"}))
def test_imports_point_back_only(name):
    part = name.split(".")[0]
    for other in ours(MODULES[name]):
        assert other != "cleaner", f"{name} imports the package's own front door"
        there = other.split(".")[0]
        assert there == part or RANK[there] < RANK[part], f"{name} imports {other}"


def test_the_two_rooms_for_grouping_never_meet():
    for room, other in (("copies", "stories"), ("stories", "copies")):
        inside = {name for name in MODULES if name.startswith(f"group.{room}")}
        assert len(inside) > 3, f"group/{room} has moved"
        for name in inside:
            assert not [found for found in ours(MODULES[name]) if found.startswith(f"group.{other}")], name


def test_no_import_goes_in_a_circle():
    graphlib.TopologicalSorter({name: ours(path) - {name} for name, path in MODULES.items()}).prepare()


@pytest.mark.parametrize(
    ("library", "owner"), [("trafilatura", "extract"), ("rich", "report"), ("datasketch", "fingerprint"), ("re2", "rules")]
)
def test_one_part_owns_a_library(library, owner):
    users = {name.split(".")[0] for name, path in MODULES.items() if library in {i.split(".")[0] for i in imported(path)}}
    assert users == {owner}


COMMANDS = {f"commands.{name}" for name in ("clean", "group", "diff", "run", "rules", "index")}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_command_imports_another(name):
    assert name in MODULES
    assert not ours(MODULES[name]) & (COMMANDS - {name})


def test_a_file_is_read_in_one_sitting():
    assert {name for name, path in MODULES.items() if path.read_text(encoding="utf-8").count("\n") > 350} == set()


def test_no_module_of_odds_and_ends():
    assert not {"utils", "util", "helpers", "common", "misc"} & {part for name in MODULES for part in name.split(".")}


def loaded(*args, input=""):
    """The top-level modules that a command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "cleaner", *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, input=input, check=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


def test_the_version_needs_no_large_library():
    found = loaded("--version")
    assert "cleaner" in found
    assert not found & {"trafilatura", "datasketch", "numpy", "rich", "lxml", "scipy"}


def test_cleaning_a_text_needs_no_extraction_and_no_fingerprints():
    found = loaded("clean", input="The council met.\n\nAdvertisement\n")
    assert "re2" in found
    assert not found & {"trafilatura", "datasketch", "rich", "lxml", "scipy"}


def test_only_stories_need_scipy():
    article = '{"text": "The council met in the old hall on Monday and voted nine to two for a new bridge."}\n'
    assert "scipy" in loaded("group", "--json", input=2 * article)
    found = loaded("group", "--json", "--copies-only", input=2 * article)
    assert "numpy" in found
    assert not found & {"scipy", "datasketch"}


@pytest.mark.parametrize("form", ["--patch", "--html", "--json"])
def test_only_the_terminals_report_needs_rich(fixtures, form):
    assert "rich" not in loaded("diff", form, fixtures / "museum/theft-chronicle.txt")


def test_the_library_is_as_small_to_import():
    code = "import sys, cleaner; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in done.stdout.split()} & {"trafilatura", "datasketch", "rich", "typer"}


def test_the_public_names():
    assert set(cleaner.__all__) >= {"clean", "clean_many", "group", "diff", "Article", "CleanResult", "__version__"}
    assert all(hasattr(cleaner, name) for name in cleaner.__all__)


# Distributions that are not called as what they bring is imported, and one that is imported by another alone.
CALLED = {"google-re2": "re2", "charset-normalizer": "charset_normalizer", "lxml_html_clean": "", "article-cleaner": ""}


def test_what_is_imported_is_required_and_nothing_else():
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [of for name, of in project["optional-dependencies"].items() if name not in ("train", "test", "dev")]
    required = {re.match(r"[\w-]+", entry)[0] for entry in chain(project["dependencies"], *extras)}
    found = {name.split(".")[0] for path in MODULES.values() for name in imported(path)}
    found -= {*sys.stdlib_module_names, "cleaner", "__future__"}
    assert found == {CALLED.get(name, name) for name in required} - {""}


def test_the_distribution_gives_the_command():
    found = metadata.distribution("article-cleaner")
    (script,) = [entry for entry in found.entry_points if entry.group == "console_scripts"]
    assert (script.name, script.load()) == ("cleaner", cleaner_main)
    assert found.version == cleaner.__version__


def test_the_readme_opens_with_the_two_commands():
    opening = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")[:2000]
    assert "make demo" in opening
    assert "make test" in opening
