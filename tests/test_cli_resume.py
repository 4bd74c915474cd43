"""`cleaner run` again: what was done is not done twice, what was broken off goes on, what is another's is left alone."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from samples import TOO_LONG
from test_cli_run import FIRST, LAST, contents, rows

FAULTS = Path(__file__).parent.parent / "benchmarks" / "faults.py"


@pytest.fixture
def corpus(tree, prose):
    """Texts, pages and records."""

    def page(n):
        return f"<html><body><article>{''.join(f'<p>{line}</p>' for line in prose(n).split())}</article></body></html>"

    texts = {f"texts/{n:02}.txt": f"{prose(n)}\nAdvertisement\n" for n in range(9)}
    pages = {f"pages/{n:02}.html": page(100 + n) for n in range(2)}
    lines = "".join(json.dumps({"text": prose(200 + n), "n": n}) + "\n" for n in range(70))
    return tree(texts | pages | {"records.jsonl": lines, "notes.md": "x"})


@pytest.fixture
def run(run_cleaner, corpus):
    """Run it, with `args`; how many articles were cleaned again (None where nobody says so), and what was written, without
    what is the run's own."""

    def again(*args, out="out", code=0):
        ran = run_cleaner("run", "in", out, *args, cwd=corpus)
        assert ran.code == code, ran.err
        done = re.search(r"cleaned now: ([\d,]+)", ran.err)
        written = {name: data for name, data in contents(corpus / out).items() if not name.startswith(".state/")}
        return 0 if "nothing was done" in ran.err else int(done[1]) if done else None, written

    return again


def changed(path, old, new):
    """Change a file, a good while ago."""
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, (1e9, 1e9))


def test_nothing_to_do(run, corpus):
    first = run()
    before = {path: path.stat().st_mtime_ns for path in (corpus / "out").rglob("*")}
    assert first[0] is None
    for path in (corpus / "in").rglob("*"):
        os.utime(path, (1e9, 1e9))
    run()  # the times are others, the bytes the same
    done, written = run()
    assert (done, written) == (0, first[1])
    articles = {path: at for path, at in before.items() if "articles" in path.parts}
    assert {path: path.stat().st_mtime_ns for path in articles} == articles


@pytest.mark.parametrize("name", ["texts/03.txt", "pages/01.html", "records.jsonl"])
def test_what_changed_is_done_again_and_nothing_else(run, corpus, name):
    run()
    path = corpus / "in" / name
    changed(path, "council", "parish")
    had = sum("parish" in line for line in path.read_text().split("\n")) if "jsonl" in name else 1
    assert run() == (had, run(out="fresh")[1])


def test_one_record_that_changed(run, corpus):
    run()
    path = corpus / "in/records.jsonl"
    path.write_text(path.read_text().replace('"n": 67}', '"n": 67, "date": "2024-03-18"}'))
    assert run()[0] == 1
    path.write_text(path.read_text() + json.dumps({"text": FIRST}) + "\n")
    done, written = run()
    assert (done, written) == (1, run(out="fresh")[1])
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:5]))
    run()
    (corpus / "in/texts/03.txt").unlink()
    assert run()[1] == run(out="fresh")[1]


def test_what_is_gone_or_came(run, corpus):
    run()
    (corpus / "in/texts/03.txt").unlink()
    shutil.rmtree(corpus / "in/pages")
    (corpus / "in/texts/99.txt").write_text(FIRST)
    done, written = run()
    assert (done, written) == (1, run(out="fresh")[1])
    assert not (corpus / "out/articles/pages").exists()


def test_an_output_that_is_gone_is_written_again(run, corpus):
    first = run()
    (corpus / "out/articles/texts/03.txt").unlink()
    (corpus / "out/articles/records.jsonl").unlink()
    (corpus / "out/groups.jsonl").unlink()
    assert run() == (1, first[1])


@pytest.mark.parametrize(
    ("args", "done"),
    [
        (("--window", "9", "--strict"), 0),
        (("--gentle", "--no-learn"), None),  # nothing that was done before holds
        (("--to", "jsonl"), None),
        (("--shards", "20K"), None),
    ],
)
def test_another_option_does_again_what_it_must(run, args, done):
    run()
    assert run(*args) == (done, run(*args, out="fresh")[1])


def test_what_is_learned_anew_concerns_those_that_have_it(run_cleaner, tree, prose):
    line = "The Lantern Weekly, the paper of the coast since 1902"
    where = tree({f"site/{n}.txt": f"{prose(n)}\n{line if n < 2 else ''}\n" for n in range(8)})
    run_cleaner("run", "in", "out", cwd=where)
    assert line.encode() in (where / "out/articles/site/0.txt").read_bytes()
    assert not list((where / "out").glob("rules/*"))
    for n in (2, 3):
        (where / f"in/site/{n}.txt").write_text(f"{prose(n)}\n{line}\n")
    ran = run_cleaner("run", "in", "out", cwd=where)
    assert "done before: 4 articles; cleaned now: 4" in ran.err
    assert [n for n in range(8) if line.encode() in (where / f"out/articles/site/{n}.txt").read_bytes()] == []
    (rules,) = (where / "out/rules").iterdir()
    assert line.lower() in rules.read_text()
    alone = run_cleaner("clean", "--learn", "--rules-out", "learned.toml", "in", "-o", "alone", cwd=where)
    assert alone.code == 0
    assert (where / "learned.toml").read_text() == rules.read_text()
    assert contents(where / "alone") == contents(where / "out/articles")


def test_without_learning_run_groups_as_group_does(run_cleaner, fixtures, tmp_path):
    assert run_cleaner("run", fixtures, tmp_path / "out", "--no-learn").code == 0
    assert rows(tmp_path / "out/groups.jsonl") == run_cleaner("group", "--json", fixtures).records
    assert not (tmp_path / "out/rules").exists()


def test_the_engine_and_the_order_of_the_files_make_no_difference(run, corpus):
    first = run("-j", "3")[1]
    for name in sorted(contents(corpus / "in"), reverse=True):
        path = corpus / "in" / name
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    assert run("--engine", "serial", out="other")[1] == first
    assert run("-j", "1", out="third")[1] == first


# --- broken off -------------------------------------------------------------------------------------------------------


def test_killed_it_comes_to_the_same_end(corpus, plain_environment):
    command = [sys.executable, str(FAULTS), str(corpus / "in"), str(corpus / "work"), "--kills", "3"]
    command += ["--cleaner", f"{sys.executable} -m cleaner", "--", "-j", "2"]
    done = subprocess.run(command, capture_output=True, text=True, env=plain_environment, timeout=TOO_LONG * 9, check=False)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"killed (\w+): (.*)", done.stdout) == [
        (what, "1 of 1 the same") for what in ("main", "worker", "all")
    ], done.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_told_to_stop_it_stops_and_can_go_on(run, corpus, plain_environment, number, code):
    """The last page takes most of a second, so that the run cannot have ended by itself when the signal comes."""
    (corpus / "in/texts/z.html").write_text("<html><body>" + "<ul><li>a" * 2_500)
    wanted = run(out="wanted")[1]
    command = [sys.executable, "-m", "cleaner", "run", "in", "out", "-j", "2"]
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored here, it would be ignored there
    try:
        child = subprocess.Popen(command, cwd=corpus, env=plain_environment, start_new_session=True, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, ours)
    for _ in range(100 * TOO_LONG):
        if list((corpus / "out").glob("articles/texts/*")) or child.poll() is not None:
            break
        time.sleep(0.01)
    os.kill(child.pid, number)
    assert child.wait(timeout=TOO_LONG) == code
    assert child.stderr.read().splitlines() == [b"cleaner: in/notes.md: skipped: .md is no format of ours"]
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)
    assert (corpus / "out/UNFINISHED").exists()
    assert run()[1] == wanted


def test_what_is_not_finished_says_so(run_cleaner, run, corpus):
    run()
    (corpus / "out/UNFINISHED").write_text("x")
    name = rows(corpus / "out/groups.jsonl")[0]["id"]
    ran = run_cleaner("diff", "--story", name, "out", cwd=corpus)
    assert "not finished" in ran.err
    run()
    assert not (corpus / "out/UNFINISHED").exists()


def test_an_article_over_its_time_fails_and_is_tried_again(run_cleaner, tree, prose):
    """Deep lists take trafilatura seconds; how many, the machine decides, so that the second time may be enough."""
    where = tree({"a.txt": prose(1), "b.html": "<html><body>" + "<ul><li>a" * 40_000, "c.txt": prose(2)})
    ran = run_cleaner("run", "in", "out", "--timeout", "1", cwd=where)
    assert (ran.code, ran.err) == (2, "cleaner: in/b.html: took longer than 1 s\n")
    status = {row["input"]: row["status"] for row in rows(where / "out/manifest.jsonl")}
    assert status == {"a.txt": "cleaned", "b.html": "failed", "c.txt": "cleaned"}
    ran = run_cleaner("run", "in", "out", "--timeout", "0.9", cwd=where)
    assert "in/b.html: took longer than 0.9 s" in ran.err
    assert "done before: 2 articles; cleaned now: 0" in ran.err


def test_stale_temporary_files_go(run, corpus):
    run()
    (corpus / "out/.state/tmp/.cleaner-x").write_text("half")
    (corpus / "out/UNFINISHED").write_text("x")
    (corpus / "in/texts/03.txt").unlink()
    run()
    assert list((corpus / "out/.state/tmp").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no limits on files")
def test_no_space_is_one_line_and_then_goes_on(run, corpus, plain_environment):
    """A limit on the size of files stands in for a disk: what is written beyond it fails."""
    wanted = run(out="wanted")[1]
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000));"
        "sys.argv[1:] = ['run', 'in', 'out']; from cleaner.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=corpus, env=plain_environment, capture_output=True, check=False)
    lines = done.stderr.decode().rstrip("\n").split("\n")
    assert (done.returncode, "File too large" in lines[-1]) == (2, True), lines
    assert (corpus / "out/UNFINISHED").exists()
    assert run()[1] == wanted


# --- left alone -------------------------------------------------------------------------------------------------------


def test_two_runs_on_one_output(run, run_cleaner, corpus, plain_environment):
    run()
    (corpus / "in/texts/03.txt").unlink()
    hold = (
        "import fcntl, sys; f = open('out/.state/lock', 'a'); fcntl.lockf(f, fcntl.LOCK_EX); print(1, flush=True); input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", hold], cwd=corpus, env=plain_environment, **pipes) as holder:
        assert holder.stdout.readline()
        ran = run_cleaner("run", "in", "out", cwd=corpus)
        holder.communicate(b"\n")
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "cleaner: out: another run is at work on it")
    assert (corpus / "out/articles/texts/03.txt").exists()


def test_the_directory_of_something_else(run_cleaner, corpus):
    (corpus / "mine").mkdir()
    (corpus / "mine/thesis.txt").write_text("x")
    ran = run_cleaner("run", "in", "mine", cwd=corpus)
    assert (ran.code, contents(corpus / "mine")) == (2, {"thesis.txt": b"x"})


@pytest.mark.parametrize("link", ["input", "output"])
def test_overlap_is_seen_through_links(run_cleaner, corpus, link):
    (corpus / "link").symlink_to(corpus / "in")
    args = ("link", "in/out") if link == "input" else ("in", "link/out")
    assert run_cleaner("run", *args, cwd=corpus).code == 2
    assert not (corpus / "in/out").exists()


def test_what_is_skipped_says_why(run_cleaner, tree):
    where = tree(
        {"large.txt": f"{FIRST}\n" * 99, "small.txt": f"{FIRST}\n\n{LAST}\n", "empty.html": "", "odd.txt": b"\0\1\2" * 99}
    )
    os.mkfifo(where / "in/fifo.txt")
    (where / "in/loop.txt").symlink_to("loop.txt")
    (where / "in/null.txt").symlink_to("/dev/null")
    ran = run_cleaner("run", "in", "out", "--max-size", "2K", cwd=where)
    found = {row["input"]: (row["status"], row.get("reason")) for row in rows(where / "out/manifest.jsonl")}
    assert ran.code == 0
    assert found == {
        "empty.html": ("skipped", "empty"),
        "fifo.txt": ("skipped", "not a regular file"),
        "large.txt": ("skipped", "larger than 0.00195 MB (--max-size)"),
        "loop.txt": ("skipped", "not a regular file"),
        "null.txt": ("skipped", "not a regular file"),
        "odd.txt": ("skipped", "not a text file"),
        "small.txt": ("cleaned", None),
    }


@pytest.mark.parametrize("size", ["", "0", "-1", "2X", "1.5M", "M", "٣"])
def test_sizes_that_are_none(run_cleaner, corpus, size):
    ran = run_cleaner("run", "in", "out", f"--max-size={size}", cwd=corpus)
    assert (ran.code, (corpus / "out").exists()) == (2, False)


# --- said -------------------------------------------------------------------------------------------------------------


def test_shards_hold_every_article(run_cleaner, run, corpus):
    import zstandard

    _, written = run("--shards", "20K")
    names = sorted(name for name in written if name.startswith("articles/"))
    texts = [zstandard.ZstdDecompressor().decompress(written[name]) for name in names]
    assert [len(text) > 20_000 for text in texts[:-1]] == [True] * (len(names) - 1)
    assert max(map(len, texts)) < 25_000
    articles = [json.loads(line) for text in texts for line in text.splitlines()]
    manifest = [row for row in rows(corpus / "out/manifest.jsonl") if row["status"] == "cleaned"]
    assert [article["id"] for article in articles] == [row["id"] for row in manifest]
    assert "Advertisement" not in articles[-1]["text"]
    last = manifest[-1]
    assert json.loads(texts[names.index(last["output"])].splitlines()[last["place"]])["id"] == last["id"]
    assert run_cleaner("diff", "--story", last["id"], "out", cwd=corpus).code == 0
    assert run_cleaner("run", "in", "csv", "--shards", "20K", "--to", "csv", cwd=corpus).code == 2


def test_messages_for_machines(run_cleaner, corpus):
    (corpus / "in/broken.jsonl").write_text("broken\n")
    ran = run_cleaner("run", "in", "out", "--log-format", "json", cwd=corpus)
    events = [json.loads(line) for line in ran.err.splitlines()]
    assert ran.code == 2
    assert [event["message"] for event in events if event["event"] == "failure"] == [
        "in/broken.jsonl:1: not JSON: Expecting value: line 1 column 1 (char 0)"
    ]
    assert {event["event"] for event in events} <= {"failure", "note", "progress"}
    assert ran.text.splitlines()[-1] == "81 cleaned, 1 skipped, 1 failed"


def test_a_summary_says_what_was_done_with_what(run, corpus):
    run("--gentle", "--window", "3")
    summary = json.loads((corpus / "out/summary.json").read_text())
    assert (summary["options"]["caution"], summary["options"]["window"]) == ("gentle", 3)
    assert summary["version"]
    assert set(summary["fingerprints"]) >= {"code", "cleaning", "learned"}


def test_what_an_option_did_to_a_corpus(run_cleaner, run, corpus, prose):
    (corpus / "in/texts/twin.txt").write_text(prose(3))
    run("--no-learn")
    (corpus / "in/texts/twin.txt").unlink()
    (corpus / "in/texts/new.txt").write_text(prose(3).replace("council", "parish"))
    (corpus / "off.toml").write_text(
        '[[rule]]\nid = "en/ad-label"\noff = true\n[[rule]]\nid = "x"\nwhy = "x"\npatterns=["x"]\n'
    )
    run("--rules", "off.toml", "--gentle", "--no-learn", out="other")
    found = json.loads(run_cleaner("diff", "out", "other", "--json", cwd=corpus).text)
    assert found["options"]["caution"] == ['"normal"', '"gentle"']
    assert found["inputs"] == {"first alone": ["texts/twin.txt"], "second alone": ["texts/new.txt"]}
    assert found["rules"]["en/ad-label"] == [9, 0]
    ran = run_cleaner("diff", "out", "other", cwd=corpus)
    assert ran.code == 0
    assert "en/ad-label: 9 -> 0" in ran.text
    assert json.loads(run_cleaner("diff", "out", "out", "--json", cwd=corpus).text)["texts"] == []
    assert run_cleaner("diff", "out", "other", "--html", cwd=corpus).code == 2
