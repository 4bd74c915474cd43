"""What stands in for the command in most tests (warm.py) is the command, and the command itself starts."""

import os
import shlex
import subprocess

import pytest
from samples import CLEAN, DIRTY, LINES

pytestmark = pytest.mark.slow

GAZETTE, TRIBUNE = "harbour/ferry-gazette.txt", "harbour/ferry-tribune.txt"
COMMANDS = [
    ("--version",),
    ("clean", "--json", "misc/council-budget.txt", "-"),
    ("clean", "--diff", "museum"),
    ("clean", "--check", GAZETTE),
    ("clean", "--nonsense"),
    ("group", ".", "missing"),
    ("diff", GAZETTE, TRIBUNE),
    ("rules", "show", "en/byline"),
]


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_warm_and_cold_are_one_command(run_cleaner, fixtures, args):
    warm, cold = (run_cleaner(*args, cwd=fixtures, input=LINES, cold=cold) for cold in (False, True))
    assert warm == cold
    assert warm.out or warm.err or warm.code


def test_a_warm_command_has_the_callers_directory_environment_and_umask(run_cleaner, tree):
    where = tree({"a.txt": DIRTY})
    modes = set()
    for mask in (0o022, 0o077):
        ours = os.umask(mask)
        try:
            assert run_cleaner("clean", "in", "-o", f"out{mask}", cwd=where).code == 0
        finally:
            os.umask(ours)
        modes.add((where / f"out{mask}/a.txt").stat().st_mode & 0o777)
    assert len(modes) == 2
    assert b"\x1b" in run_cleaner("clean", "--diff", "in", cwd=where, env={"FORCE_COLOR": "1"}).out
    assert b"\x1b" not in run_cleaner("clean", "--diff", "in", cwd=where).out


@pytest.fixture
def program(warm, tmp_path):
    """The warm command as a program for shells."""
    warm.command(tmp_path / "cleaner")
    return shlex.quote(str(tmp_path / "cleaner"))


def shell(script, **options):
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, **options)


def test_a_shell_gets_its_output_its_exit_code_and_its_pipes(program, tree):
    where = tree({"a.txt": DIRTY, "b.jsonl": LINES})
    assert shell(f"{program} clean - < in/a.txt | {program} clean", cwd=where).stdout == CLEAN
    assert shell(f"{program} clean --check in/a.txt", cwd=where).returncode == 1
    many = f"yes {shlex.quote(LINES.strip())} | {program} clean --from jsonl | head -n 1"
    done = shell(f"set -o pipefail; {many}; echo ${{PIPESTATUS[1]}}", cwd=where)
    assert done.stderr == ""
    assert done.stdout.endswith("\n0\n")
