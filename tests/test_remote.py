"""Inputs that are URLs, by way of fsspec: `run` reads them as it reads files.

With fsspec (`article-cleaner[remote]`) alone; without it only what is said then.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from test_cli_run import contents, rows

needs_fsspec = pytest.mark.skipif(find_spec("fsspec") is None, reason="fsspec is not installed: article-cleaner[remote]")

# Object storage in memory, which worker processes have a copy of; with a driver that fails as those of clouds do.
COMMAND = """
import sys, fsspec
from pathlib import Path
from fsspec.implementations.memory import MemoryFileSystem
top = Path("in")
for path in top.rglob("*"):
    if path.is_file():
        fsspec.filesystem("memory").pipe(f"/bucket/{path.relative_to(top)}", path.read_bytes())

class CloudError(Exception):
    pass

whole = MemoryFileSystem._open
def broken(self, path, *args, **options):
    if path.endswith("broken.txt"):
        raise CloudError("slow down\\nplease")
    return whole(self, path, *args, **options)
MemoryFileSystem._open = broken
from cleaner.__main__ import main
main()
"""


@pytest.fixture
def corpus(tree, prose):
    page = f"<html><body><article>{''.join(f'<p>{line}</p>' for line in prose(90).split())}</article></body></html>"
    lines = "".join(json.dumps({"text": prose(200 + n), "date": "2024-03-01"}) + "\n" for n in range(70))
    files = {"a/1.txt": f"{prose(1)}\nAdvertisement\n", "a-b/2.txt": prose(1), "page.html": page, "r.jsonl": lines}
    return tree({**files, "page.html.url": "https://news.example/7\n", ".hidden/x.txt": prose(3), "n.md": "x"})


@pytest.fixture
def run(corpus, plain_environment):
    def command(*args, code=COMMAND):
        return subprocess.run(
            [sys.executable, "-c", code, "run", *args],
            cwd=corpus,
            env=plain_environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def results(out):
    """What was written, but for what says when it was, and where it came from."""
    kept = {name: data for name, data in contents(out).items() if not name.startswith((".state/", "summary", "report"))}
    return {name: data.replace(b"memory://bucket/", b"in/") for name, data in kept.items()}


@needs_fsspec
@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_what_is_remote_gives_what_files_give(run, corpus, engine):
    local = run("in", "local")
    ran = run("memory://bucket", "out", "--engine", engine)
    assert (ran.returncode, ran.stderr) == (local.returncode, local.stderr.replace("in/", "memory://bucket/"))
    assert results(corpus / "out") == results(corpus / "local")
    assert [row["input"] for row in rows(corpus / "out/manifest.jsonl")][:3] == ["a/1.txt", "a-b/2.txt", "n.md"]


@needs_fsspec
def test_one_file_that_is_remote(run, corpus):
    ran = run("memory://bucket/r.jsonl", "out")
    assert ran.returncode == 0, ran.stderr
    assert len(rows(corpus / "out/manifest.jsonl")) == 70


@needs_fsspec
def test_what_a_driver_raises_is_a_failure_that_is_tried_again(run, corpus):
    (corpus / "in/broken.txt").write_text("x")
    ran = run("memory://bucket", "out")
    assert (ran.returncode, ran.stderr.count("slow down please")) == (2, 1)
    assert {row["input"]: row["status"] for row in rows(corpus / "out/manifest.jsonl")}["broken.txt"] == "failed"


@needs_fsspec
def test_a_driver_that_is_missing_is_one_line(run, corpus):
    ran = run("nowhere://bucket", "out")
    assert (ran.returncode, ran.stderr) == (2, "cleaner: nowhere://bucket: Protocol not known: nowhere\n")
    assert not (corpus / "out").exists()


def test_without_fsspec_it_says_what_to_install(run):
    code = "import sys; sys.modules['fsspec'] = None; from cleaner.__main__ import main; main()"
    said = "cleaner: s3://bucket: needs fsspec: pip install 'article-cleaner[remote]'\n"
    assert run("s3://bucket", "out", code=code).stderr == said


@needs_fsspec
def test_an_output_inside_the_input_is_refused_by_any_name(run, corpus):
    ran = run(f"file://{corpus}", "out")
    assert (ran.returncode, os.path.exists(corpus / "out")) == (2, False)
    assert "inside the input" in ran.stderr


def test_the_output_is_a_directory(run):
    ran = run("in", "s3://bucket/out", code="from cleaner.__main__ import main; main()")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "s3://bucket/out: OUT is a directory" in ran.stderr
