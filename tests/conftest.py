"""What the tests share: the command in a process of its own, files to give it, and where the fixtures lie.

`run_cleaner` forks a process that has its imports behind it (warm.py), which is the command in all but the half second that
it takes to start. What is about the start itself is started by the tests as `python -m cleaner`.
"""

import json
import os
import random
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from network import bar
from samples import TOO_LONG
from warm import Server, environment

# A slow machine is no fault of the code, and what an earlier run found is no part of it.
settings.register_profile("patient", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

bar()

FIXTURES = Path(__file__).parent.parent / "fixtures"
DATA = Path(__file__).parent / "data"


def _no_json(name):
    raise AssertionError(f"{name} is no JSON")


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: bytes
    err: str

    @property
    def text(self):
        return self.out.decode()

    @property
    def records(self):
        assert self.out == b"" or self.out.endswith(b"\n")
        return [json.loads(line, parse_constant=_no_json) for line in self.out.decode().split("\n")[:-1]]


def raw_controls(text):
    """The characters of a text that could drive a terminal or turn a line around, and should have been made visible."""
    unsafe = ("Cc", "Cf", "Cs", "Co")
    return {c for c in text if c not in "\t\n\u200c\u200d" and unicodedata.category(c) in unsafe}


def _started(args, input, cwd, env):
    """`python -m cleaner ARGS`."""
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *args],
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        cwd=cwd,
        env=env,
        timeout=TOO_LONG,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="session")
def warm():
    """The warm process."""
    server = Server(environment())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def run_cleaner(warm):
    """Run `cleaner ARGS` in a process of its own. Whatever the command, its messages must be fit to be seen."""

    def run(*args, input=None, cwd=None, env=None, cold=False):
        cold = cold or any(name.startswith(("PYTHON", "LANG", "LC_")) for name in env or ())
        code, out, err = (_started if cold else warm.run)(
            [os.fspath(arg) for arg in args],
            input.encode() if isinstance(input, str) else input,
            cwd,
            environment(env),
        )
        err = err.decode(errors="surrogateescape")
        assert "Traceback" not in err, err
        assert "a fault in cleaner itself" not in err, err
        assert not raw_controls(err), err.encode("unicode_escape")
        return Ran(code, out, err)

    return run


@pytest.fixture(scope="session", autouse=True)
def _no_configuration_from_outside(tmp_path_factory):
    """The commands look for a cleaner.toml above where they are, up to the root of a repository: let that be ours."""
    (tmp_path_factory.getbasetemp() / ".git").mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def plain_environment():
    """For commands that a test starts itself."""
    return environment()


@pytest.fixture
def tree(tmp_path):
    """Write files, given as {name: text or bytes}, to the folder `in` of a new directory; the directory comes back."""

    def write(files):
        for name, content in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write


@pytest.fixture(scope="session")
def prose():
    """Invented articles: `prose(seed)` is always the same text of `paragraphs` paragraphs, and no other seed's."""

    nouns = ["council", "harbour", "bridge", "tram", "library", "choir", "glacier", "orchard", "engine", "bakery", "canal"]
    verbs = ["opened", "closed", "praised", "measured", "counted", "repaired", "painted", "flooded", "borrowed", "misplaced"]
    places = ["Wessel", "Corrow", "Lindle", "Brannick", "Ostrey", "Velbridge", "Pennard", "Sandrey", "Oxney", "Harrow"]
    names = ["Agnes", "Tobin", "Greta", "Idris", "Perpetua", "Emeka", "Juno", "Halvard", "Piet", "Dolores", "Femke"]

    def article(seed, paragraphs=4):
        pick = random.Random(seed)

        def sentence():
            return (
                f"{pick.choice(names)} of {pick.choice(places)} {pick.choice(verbs)} the {pick.choice(nouns)} near the "
                f"{pick.choice(nouns)} and {pick.choice(verbs)} {pick.randint(2, 9999)} {pick.choice(nouns)} plans "
                f"before the {pick.choice(places)} {pick.choice(nouns)} {pick.choice(verbs)} anything else."
            )

        return "\n\n".join(" ".join(sentence() for _ in range(3)) for _ in range(paragraphs)) + "\n"

    return article


@pytest.fixture(scope="session")
def fixtures():
    """The folder of invented articles."""
    return FIXTURES


@pytest.fixture(scope="session")
def data():
    """Cases that are data: reads tests/data/NAME."""
    return lambda name: json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def raw():
    """The characters of a text that should have been made visible."""
    return raw_controls
