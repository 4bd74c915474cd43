"""What every command keeps to: exit codes, notes, colour, terminals, the network and the inputs."""

import hashlib
import os
import pty
import subprocess
import sys

import pytest
from terminals import patient, written_on

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
DIRTY = f"{FIRST}\n\nAdvertisement\n"


def on_a_terminal(environment, *args, stdin=None):
    """Run a command with its output, and its input unless given, on a terminal: its exit code and what was shown."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        patient(*args),
        stdin=slave if stdin is None else stdin,
        stdout=slave,
        stderr=slave,
        env={**environment, "COLUMNS": "400", "TERM": "xterm"},
    )
    os.close(slave)
    shown = written_on(master)
    return child.wait(), shown


@pytest.mark.parametrize("command", ["clean", "group", "diff"])
def test_on_a_bare_terminal_the_help_is_shown(plain_environment, command):
    code, shown = on_a_terminal(plain_environment, command)
    assert code == 0
    assert f"cleaner {command}" in shown
    assert "--help" in shown


@pytest.mark.parametrize("args", [(), ("clean",), ("run",), ("rules", "test")])
def test_help(run_cleaner, args):
    ran = run_cleaner(*args, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ("Usage: cleaner " + " ".join(args)).strip() in ran.text


def test_version(run_cleaner):
    import cleaner

    assert run_cleaner("--version").text.split() == ["cleaner", cleaner.__version__]


def test_the_text_of_an_article_is_made_visible_on_a_terminal_only(run_cleaner, plain_environment, tree):
    text = f"{FIRST}\n\nThe sign \x1b[31mred\x1b[0m and \u202eback\u202c and [/b] and é stood there, said the engineers.\n"
    path = tree({"a.txt": text}) / "in/a.txt"
    assert run_cleaner("clean", path).text == text
    code, shown = on_a_terminal(plain_environment, "clean", path)
    assert code == 0
    assert shown == text.replace("\x1b", "<U+001B>").replace("\u202e", "<U+202E>").replace("\u202c", "<U+202C>")


def test_the_overview_is_the_same_on_a_terminal_and_in_a_pipe(run_cleaner, plain_environment, fixtures):
    piped = run_cleaner("group", fixtures / "harbour")
    code, shown = on_a_terminal({**plain_environment, "NO_COLOR": "1"}, "group", fixtures / "harbour")
    assert code == piped.code == 0
    assert [line.rstrip() for line in shown.split("\n")] == [line.rstrip() for line in piped.text.split("\n")]


COLOURED = [
    ((), {}, False),
    (("--color", "always"), {"NO_COLOR": "1"}, True),
    (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ((), {"FORCE_COLOR": "1"}, True),
    ((), {"NO_COLOR": "1"}, False),
    ((), {"FORCE_COLOR": "0"}, False),
]


@pytest.mark.parametrize(("args", "env", "coloured"), COLOURED)
def test_colour_is_obeyed(run_cleaner, tree, args, env, coloured):
    ran = run_cleaner("clean", "--diff", tree({"a.txt": DIRTY}) / "in/a.txt", *args, env=env)
    assert ran.code == 0
    assert (b"\x1b[" in ran.out) == coloured
    assert "\x1b" not in ran.err


def test_colour_does_not_touch_json(run_cleaner):
    forced = {"FORCE_COLOR": "1"}
    assert run_cleaner("clean", "--json", "--color", "always", input=DIRTY, env=forced).records[0]["text"] == FIRST + "\n"


def test_notes_are_shown_ten_times_and_then_counted(run_cleaner, tree):
    where = tree({f"{n:02}.md": "x" for n in range(25)} | {f"e{n:02}.txt": "" for n in range(12)} | {"z.txt": DIRTY})
    ran = run_cleaner("clean", "--json", "in", cwd=where)
    said = ran.err.split("\n")[:-1]
    assert (ran.code, len(ran.records)) == (0, 13)
    assert len([line for line in said if ".md" in line]) == 10
    assert len([line for line in said if ".txt" in line]) == 10
    (more_skipped,) = [line for line in said if "15" in line and ".md" not in line]
    (more_empty,) = [line for line in said if "2 more" in line]
    assert len(said) == 22
    assert more_skipped != more_empty


def test_failures_are_all_named(run_cleaner, tree):
    where = tree({"a.jsonl": '{"text": "x"}\n' + "broken\n" * 30})
    ran = run_cleaner("clean", "in/a.jsonl", *(f"missing{n}" for n in range(15)), cwd=where)
    assert (ran.code, [record["text"] for record in ran.records]) == (2, ["x"])
    assert all(f"in/a.jsonl:{n}: " in ran.err for n in range(2, 32))
    assert all(f"missing{n}: " in ran.err for n in range(15))


def test_progress_is_for_terminals_only(run_cleaner, fixtures):
    assert run_cleaner("clean", "--json", fixtures / "harbour", env={"FORCE_COLOR": "1"}).err == ""


# Run the command with every way to the network barred, in it and in its workers.
GUARD = """
import os, sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(2, f"barred: {event} {args}".encode())
        os._exit(77)
sys.addaudithook(watch)
from cleaner.__main__ import main
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "args",
    [
        ("clean", "--learn", "-o", "{out}/tree", "{in}"),
        ("run", "{in}", "{out}/run"),
        ("diff", "{in}/museum/theft-chronicle.txt", "{in}/museum/theft-courier.html"),
    ],
)
def test_no_command_opens_a_connection_or_touches_an_input(fixtures, tmp_path, args, plain_environment):
    def state():
        files = sorted(path for path in fixtures.rglob("*") if path.is_file())
        return [(str(path), path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]

    before = state()
    filled = [arg.format(**{"in": fixtures, "out": tmp_path}) for arg in args]
    done = subprocess.run(
        [sys.executable, "-c", GUARD, *filled],
        capture_output=True,
        text=True,
        env=plain_environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert state() == before


@pytest.mark.parametrize(
    "args",
    [
        ("clean", "--nonsense"),
        ("clean", "--from", "pdf", "x.txt"),
        ("clean", "--from"),
        ("clean", "--workers", "many", "x.txt"),
        ("clean", "--color", "mauve", "x.txt"),
        ("clean", "-", "-"),
        ("nonsense",),
        ("run", "x.txt"),
        ("rules", "show", "no/such"),
        ("diff", "a", "b", "c"),
        ("diff", "--story", "x"),
    ],
)
def test_wrong_usage_is_exit_2_and_a_message(run_cleaner, tree, args):
    ran = run_cleaner(*args, cwd=tree({"x.txt": DIRTY}) / "in", input="")
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err


@pytest.mark.parametrize("word", ["--b\x1b[31m", "--b\u202e", "--b\x9b31m", "--b\u2067"])
def test_an_unknown_option_is_shown_safely(run_cleaner, word):
    assert run_cleaner("clean", word).code == 2


def test_reports_survive_an_output_that_is_no_unicode(run_cleaner, fixtures):
    ran = run_cleaner("clean", "--diff", fixtures / "harbour/ferry-tribune.txt", env={"PYTHONIOENCODING": "ascii"})
    assert ran.code == 0
    assert b"Read more" in ran.out


def test_a_full_disk_is_a_failure(fixtures, plain_environment):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", "clean", str(fixtures / "clean/embassy-posts.txt")],
            stdout=full,
            stderr=subprocess.PIPE,
            env=plain_environment,
            check=False,
        )
    assert done.returncode == 2
    assert b"No space left" in done.stderr or b"no space left" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"a fault in cleaner itself" not in done.stderr
