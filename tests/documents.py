"""What the documents show, found and run: commands, their output, files and programs.

    ```console      `$ COMMAND` and below it what it prints on standard output; several in one block, if so wanted
    ```sh           commands that must succeed, a line each, of which no output is shown
    ```python       a program; those of a document are parts of one, in its order
    <!-- file: NAME -->     the block below is written to a file of that name
    <!-- needs: MODULE -->  the block below is for whoever has it

A document is run from top to bottom in a folder that looks like a clone after `make demo`: what one command writes is there
for the next. `cleaner` is on the path, too.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from samples import TOO_LONG
from warm import environment

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
_BLOCK = re.compile(
    r"^(?:<!-- (?P<what>file|needs): (?P<name>[^\n]+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S
)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)

# What test_install.py runs, since it takes the network; and what runs this.
ELSEWHERE = ("make demo", "uv tool install .", "pipx install .", "pip install .", ".venv/bin/pip install -e '.[train]'")
THE_SUITE = ("make test", "make check", ".ci/run", '.venv/bin/pytest -m "not slow"')
CHANGES_THE_PACKAGE = ("rules.md", "formats.md")


@dataclass
class Block:
    """A fenced block: its kind, what stands in it, and what is said of it."""

    kind: str
    body: str
    file: str = ""
    needs: str = ""

    def commands(self):
        """(command, output shown) for each; the output of those that show none is None."""
        if self.kind == "console":
            return _COMMAND.findall(self.body)
        if self.kind == "sh":
            lines = (line.split("  #")[0].strip() for line in self.body.splitlines())
            return [(line, None) for line in lines if line and not line.startswith("#")]
        return []


def blocks(path):
    """The blocks of a document, in order."""
    found = []
    for match in _BLOCK.finditer(path.read_text(encoding="utf-8")):
        said = {match["what"]: match["name"]} if match["what"] else {}
        found.append(Block(match["kind"], match["body"], **said))
    return found


def has(block):
    """Whether what a block needs is installed."""
    return not block.needs or importlib.util.find_spec(block.needs) is not None


class Clone:
    """A folder like a clone after `make demo`. Without a warm process to ask, its command is its own copy of the package."""

    def __init__(self, place, warm=None):
        self.place = place
        place.mkdir()
        for name in ("scripts", "benchmarks", "docs", "tests", "Makefile", "pyproject.toml", "README.md"):
            (place / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "fixtures", place / "fixtures")
        shutil.copytree(ROOT / "cleaner", place / "cleaner", ignore=shutil.ignore_patterns("__pycache__"))
        (place / ".git").mkdir()  # where the search for a configuration ends
        bin_dir = place / ".venv/bin"
        bin_dir.mkdir(parents=True)
        _program(bin_dir / "python", f'exec "{sys.executable}" "$@"')
        if warm:
            warm.command(bin_dir / "cleaner")
        else:
            _program(bin_dir / "cleaner", f'exec "{sys.executable}" -m cleaner "$@"')
        path = os.pathsep.join([str(bin_dir), os.environ["PATH"]])
        self.environment = {**environment(), "PATH": path, "PYTHONPATH": str(place), "OPENBLAS_NUM_THREADS": "1"}

    def run(self, *args):
        return subprocess.run(
            args,
            cwd=self.place,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=TOO_LONG,
            check=False,
        )


def _program(path, line):
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def clone_for(path, place, warm):
    """The clone for a document."""
    return Clone(place, None if path.name in CHANGES_THE_PACKAGE else warm)


def played(path, clone):
    """Do what a document says. Yields (command, output shown or None, how it ended) for each command, and then the same
    for its programs as one."""
    program = []
    for block in blocks(path):
        if block.file:
            target = clone.place / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.kind == "python":
            program += [block.body] if has(block) else []
        for command, shown in block.commands():
            if command not in (*ELSEWHERE, *THE_SUITE) and has(block):
                yield command, shown, clone.run("bash", "-c", command)
    if program:
        yield "python", None, clone.run(sys.executable, "-c", "\n".join(program))


def rewritten(path, clone):
    """The document with today's output."""
    now = iter([done.stdout for _, shown, done in played(path, clone) if shown is not None])

    def block_now(match):
        if match["kind"] != "console":
            return match[0]
        body = _COMMAND.sub(lambda found: f"$ {found[1]}\n{next(now)}", match["body"])
        return match[0].replace(match["body"], body)

    return _BLOCK.sub(block_now, path.read_text(encoding="utf-8"))
