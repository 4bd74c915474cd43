"""What only a terminal sees: the pager, the width, progress."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest
from samples import DIRTY, TOO_LONG
from terminals import AT_ONCE, NEVER, patient, written_on

from cleaner.commands import progress

pytestmark = pytest.mark.slow

LONG = "harbour/ferry-gazette.txt", "harbour/ferry-tribune.txt"


@pytest.fixture
def on_a_terminal(plain_environment, fixtures):
    """Run a command with output and errors on a terminal of some size: its exit code and all that was written there.

    `feed` gets its standard input, and a function that waits until a pattern is seen on the terminal.
    """

    def run(*args, columns=80, rows=24, cwd=fixtures, only_errors=False, patience=NEVER, feed=None, **env):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        child = subprocess.Popen(
            patient(*args, patience=patience),
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if only_errors else slave,
            stderr=slave,
            env={**plain_environment, "TERM": "xterm-256color", "NO_COLOR": "1", **env},
            cwd=cwd,
        )
        os.close(slave)
        shown = []
        if feed:
            feed(child.stdin, lambda pattern: shown.append(written_on(master, pattern)))
            child.stdin.close()
        shown.append(written_on(master))
        return child.wait(timeout=TOO_LONG), "".join(shown)

    return run


@pytest.fixture
def pager(tmp_path):
    """A pager that writes what it got, and its own environment's LESS, to a file; the pager and the file."""
    got = tmp_path / "got"
    script = tmp_path / "pager"
    script.write_text(f'#!/bin/sh\necho "LESS=$LESS" > {got}\ncat >> {got}\n')
    script.chmod(0o755)
    return script, got


@pytest.mark.parametrize(
    "args", [("diff", *LONG), ("clean", "--diff", "museum"), ("group", "."), ("diff", "--patch", LONG[1])]
)
def test_reports_go_to_the_pager(on_a_terminal, pager, args):
    script, got = pager
    code, shown = on_a_terminal(*args, PAGER=str(script))
    assert code == 0
    assert "Tern Ledge" not in shown
    assert got.read_text().startswith("LESS=FRX\n")
    assert got.read_text().count("\n") > 10


def test_the_pager_gets_the_width_of_the_terminal(on_a_terminal, pager):
    script, got = pager
    for columns in (60, 150):
        on_a_terminal("diff", *LONG, columns=columns, PAGER=str(script))
        longest = max(map(len, got.read_text().split("\n")))
        assert columns - 15 < longest <= columns


def test_notes_go_to_the_pager_with_the_report(on_a_terminal, pager):
    script, got = pager
    code, shown = on_a_terminal("clean", "--diff", "misc", "missing", PAGER=str(script))
    assert code == 2
    assert "no such file" in shown + got.read_text()


@pytest.mark.parametrize(
    ("options", "env"),
    [(("--no-pager",), {}), ((), {"PAGER": ""}), ((), {"PAGER": "cat"}), ((), {"CLEANER_PAGER": "cat"})],
)
def test_paging_can_be_refused(on_a_terminal, pager, options, env):
    script, got = pager
    code, shown = on_a_terminal("diff", *LONG, *options, **{"PAGER": str(script), **env})
    assert code == 0
    assert "Where they disagree" in shown
    assert not got.exists()


def test_a_pager_that_is_not_there_does_no_harm(on_a_terminal):
    code, shown = on_a_terminal("diff", *LONG, PAGER="no-such-pager")
    assert code == 0
    assert "Where they disagree" in shown


def test_a_pager_that_is_left_early_is_no_failure(on_a_terminal):
    code, shown = on_a_terminal("clean", "--diff", ".", PAGER="head -n 1 >/dev/null")
    assert (code, "Traceback" in shown) == (0, False)


def test_forced_colour_forces_no_pager(run_cleaner, fixtures, pager):
    script, got = pager
    ran = run_cleaner("diff", *LONG, cwd=fixtures, env={"FORCE_COLOR": "1", "PAGER": str(script)})
    assert b"\x1b[" in ran.out
    assert not got.exists()


@pytest.mark.parametrize(
    ("env", "coloured"), [({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": "", "TERM": "dumb"}, False)]
)
def test_a_terminal_that_can_is_shown_colour(on_a_terminal, env, coloured):
    code, shown = on_a_terminal("clean", "--diff", "--no-pager", LONG[0], **env)
    assert (code, "\x1b[" in shown) == (0, coloured)


def test_the_text_of_an_article_and_what_a_run_did_are_not_paged(on_a_terminal, pager, tmp_path):
    script, got = pager
    assert on_a_terminal("clean", LONG[1], PAGER=str(script))[0] == 0
    code, shown = on_a_terminal("run", ".", tmp_path / "out", PAGER=str(script))
    assert code == 0
    assert "articles cleaned" in shown
    assert not got.exists()


PROGRESS = r"\rcleaned \d+ articles?, \d+ s\x1b\[K"


@pytest.mark.parametrize(
    ("form", "patience"), [("--json", progress.PATIENCE), ("--json", AT_ONCE), ("--diff", AT_ONCE), ("--html", AT_ONCE)]
)
def test_a_command_that_takes_long_says_how_far_it_is_and_leaves_nothing(on_a_terminal, form, patience):
    def feed(pipe, seen):
        pipe.write(b'{"text": "One."}\n')
        pipe.flush()
        seen(PROGRESS)
        pipe.write(b'{"text": "Two."}\n')

    code, shown = on_a_terminal("clean", form, "-", only_errors=True, patience=patience, feed=feed)
    assert code == 0
    assert shown.endswith("\r\x1b[K")


def test_a_quick_command_says_nothing(on_a_terminal):
    assert progress.PATIENCE == 1
    assert on_a_terminal("clean", "--json", LONG[0], only_errors=True, patience=NEVER) == (0, "")


def test_a_note_does_not_run_into_the_progress(on_a_terminal):
    def feed(pipe, seen):
        pipe.write(b'{"text": "One."}\n' * 300)
        pipe.flush()
        seen(PROGRESS)
        pipe.write(b"broken\n" * 3)

    code, shown = on_a_terminal("clean", "--json", "-", only_errors=True, patience=AT_ONCE, feed=feed)
    assert code == 2
    assert re.search(r"(?:^|\n|\x1b\[K)cleaner: -:301: not JSON", shown)


def test_visible_on_a_terminal_also_in_a_patch(on_a_terminal, tree):
    where = tree({"a.txt": DIRTY.replace("Nobody", "\x1b[31mNobody")}) / "in"
    code, shown = on_a_terminal("diff", "--patch", "a.txt", "--no-pager", cwd=where)
    assert code == 0
    assert " <U+001B>[31mNobody" in shown
