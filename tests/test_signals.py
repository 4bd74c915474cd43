"""Signals and closed pipes, with real processes: the exit code, nothing said that need not be, no process left behind."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from samples import TOO_LONG

RECORD = (
    json.dumps({"text": "The council of Wessel met on Monday evening to hear what the engineers had found. " * 9}) + "\n"
)


@pytest.fixture
def start(plain_environment):
    """Start `cleaner` as the leader of a process group of its own, so that every process it leaves can be seen."""
    started = []

    def run(*args, **options):
        command = [sys.executable, "-m", "cleaner", *map(str, args)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        ours = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored here, it would be ignored there
        try:
            child = subprocess.Popen(command, env=plain_environment, start_new_session=True, **{**pipes, **options})
        finally:
            signal.signal(signal.SIGINT, ours)
        started.append(child)
        return child

    yield run
    for child in started:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def left_behind(group):
    """Whether a process of the group is still there, after a while for those that are about to end."""
    for _ in range(20 * TOO_LONG):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True


def until_it_works(child):
    """Feed records until the first result comes out, so that the command is in the middle of its work."""
    os.set_blocking(child.stdin.fileno(), False)
    os.set_blocking(child.stdout.fileno(), False)
    todo = b""
    for _ in range(100 * TOO_LONG):
        with suppress(BlockingIOError):
            todo = todo or RECORD.encode() * 100
            todo = todo[os.write(child.stdin.fileno(), todo) :]
        with suppress(BlockingIOError):
            if os.read(child.stdout.fileno(), 4096):
                return
        time.sleep(0.01)
    raise AssertionError("no result in a long while")


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_of_the_work(start, number, code, workers):
    child = start("clean", "--from", "jsonl", "--workers", workers)
    until_it_works(child)
    os.kill(child.pid, number)
    assert child.wait(timeout=TOO_LONG) == code
    assert child.stderr.read() == b""
    assert not left_behind(child.pid)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_an_input_is_awaited(start, tmp_path, number, code):
    os.mkfifo(tmp_path / "fifo.jsonl")
    child = start("group", tmp_path / "fifo.jsonl")
    with open(tmp_path / "fifo.jsonl", "wb"):  # opens as soon as the command does
        os.kill(child.pid, number)
        assert child.wait(timeout=TOO_LONG) == code
    assert child.stderr.read() == b""
    assert not left_behind(child.pid)


def test_an_interrupt_of_the_whole_group_as_from_a_keyboard(start):
    child = start("clean", "--from", "jsonl", "--workers", "2")
    until_it_works(child)
    os.killpg(child.pid, signal.SIGINT)
    assert child.wait(timeout=TOO_LONG) == 130
    assert child.stderr.read() == b""
    assert not left_behind(child.pid)


def test_an_interrupt_leaves_no_half_written_file(start, tmp_path):
    os.mkfifo(tmp_path / "fifo.jsonl")
    child = start("clean", tmp_path / "fifo.jsonl", "-o", tmp_path / "out", "--workers", "1")
    with open(tmp_path / "fifo.jsonl", "wb") as fifo:
        fifo.write(RECORD.encode() * 300)
        fifo.flush()
        while not list(tmp_path.glob("out/.*")):
            assert child.poll() is None
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGINT)
        assert child.wait(timeout=TOO_LONG) == 130
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_closed_pipe_ends_it_quietly(start, tmp_path, workers):
    (tmp_path / "in.jsonl").write_text(RECORD * 3000)
    child = start("clean", "in.jsonl", "--workers", workers, cwd=tmp_path)
    assert json.loads(child.stdout.readline())["id"] == "in.jsonl#1"
    child.stdout.close()
    assert child.wait(timeout=TOO_LONG) == 0
    assert child.stderr.read() == b""
    assert not left_behind(child.pid)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["rules list", "clean --diff {0}", "clean --help"])
def test_head_has_seen_enough(command, fixtures, plain_environment):
    """Small outputs, which fit the pipe whole or find it closed: either way all is well."""
    cleaner = f"{shlex.quote(sys.executable)} -m cleaner {command.format(shlex.quote(str(fixtures / 'harbour')))}"
    script = f"set -o pipefail; {cleaner} | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=plain_environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_a_run_is_whole_though_nobody_reads_what_it_says(tmp_path, plain_environment):
    (tmp_path / "in.jsonl").write_text(RECORD)
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "cleaner", "run", "in.jsonl", "out"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path, env=plain_environment, check=False)
    os.close(writer)
    assert (done.returncode, (tmp_path / "out/UNFINISHED").exists()) == (0, False), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "args", ["clean clean/embassy-posts.txt", "clean --diff harbour", "rules list", "clean --json harbour"]
)
def test_a_pipe_that_was_closed_from_the_start(args, fixtures, plain_environment):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "cleaner", *args.split()]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=fixtures, env=plain_environment, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
