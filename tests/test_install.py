"""What is built can be installed: wheel and sdist, by uv and by pip, in empty environments, without a warning of ours.

It takes a package index, and so is left out where none can be reached, except with CI set. The documents' own commands
of installing are these (documents.ELSEWHERE).
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from documents import ELSEWHERE, ROOT
from samples import TOO_LONG
from warm import environment

pytestmark = pytest.mark.slow

BESIDE = Path(sys.executable).parent  # where the extra dev puts uv
UV = shutil.which("uv", path=os.pathsep.join([str(BESIDE), os.environ["PATH"]]))
ARTICLE = "The bridge is shut, said the mayor of Wessel on Monday.\n\nAdvertisement\n"
USED = """
import cleaner
assert cleaner.clean_text("The bridge is shut.\\n\\nAdvertisement\\n") == "The bridge is shut.\\n"
page = "<html><body><article><p>The bridge is shut.</p><p>It opens in May.</p></article></body></html>"
assert cleaner.clean(page).text == "The bridge is shut.\\nIt opens in May."
assert len(cleaner.group(["One text of five words.", "Another text of six words here."]).stories) == 2
print(cleaner.__file__)
"""


def ran(*args, cwd, **more):
    env = {**environment(), **more}
    env.pop("PYTHONPATH", None)
    done = subprocess.run(
        [str(arg) for arg in args], cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=TOO_LONG, check=False
    )
    if done.returncode and not os.environ.get("CI") and re.search(UNREACHED, done.stderr):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done


UNREACHED = (
    r"(?i)temporary failure in name resolution|failed to fetch|connection error|network is unreachable|no matching dist"
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The checkout's own files, as a clone has them: nothing of what tools and builds left there."""
    place = tmp_path_factory.mktemp("install") / "clone"
    left = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info", "demo-out")
    shutil.copytree(ROOT, place, ignore=left)
    return place


@pytest.fixture(scope="module")
def built(clone):
    """The wheel and the sdist."""
    if UV:
        ran(UV, "build", "--quiet", cwd=clone)
    else:
        ran(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", "dist", ".", cwd=clone)
    return {path.suffix: path for path in (clone / "dist").iterdir() if not path.name.startswith(".")}


@pytest.fixture
def empty(tmp_path):
    """The folder of programs of an empty environment."""
    ran(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    return tmp_path / "venv/bin"


def used(bin_dir, folder):
    """Use what was installed, far from any checkout."""
    (folder / "a.txt").write_text(ARTICLE)
    assert ran(bin_dir / "cleaner", "clean", "a.txt", cwd=folder).stdout == ARTICLE.split("\n")[0] + "\n"
    assert "Usage: cleaner" in ran(bin_dir / "cleaner", "--help", cwd=folder).stdout


def ours(done):
    """What an installer says of this package."""
    said = done.stderr + done.stdout
    return [line for line in said.splitlines() if re.search(r"(?i)warn|deprecat|error", line) and "article-cleaner" in line]


def test_the_wheel_has_what_it_needs_and_nothing_else(built):
    names = zipfile.ZipFile(built[".whl"]).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name and ".data" not in name} == {"cleaner"}
    assert any(name.endswith("data/share/man/man1/cleaner.1") for name in names)
    for part in ("py.typed", "data/rules/en.toml", "data/model.npz", "data/page_model.npz", "data/report.js"):
        assert f"cleaner/{part}" in names
    assert {name.rsplit("/", 1)[-1] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_wheel_in_an_empty_environment(built, empty, tmp_path):
    installed = ran(empty / "python", "-m", "pip", "install", built[".whl"], cwd=tmp_path)
    assert ours(installed) == []
    used(empty, tmp_path)
    where = ran(empty / "python", "-c", USED, cwd=tmp_path).stdout
    assert str(empty.parent) in where
    assert (empty.parent / "share/man/man1/cleaner.1").is_file()
    assert "No broken requirements found" in ran(empty / "python", "-m", "pip", "check", cwd=tmp_path).stdout


def test_the_sdist_makes_the_same_wheel(built, tmp_path):
    if not UV:
        pytest.skip("the sdist is built by uv, of the extra dev")
    with tarfile.open(built[".gz"]) as sdist:
        names = {name.split("/", 1)[-1] for name in sdist.getnames()}
    assert {"LICENSE", "NOTICE", "README.md", "docs/cleaner.1"} <= names
    ran(UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path, built[".gz"], cwd=tmp_path)
    (again,) = tmp_path.glob("*.whl")

    def listed(wheel):
        return sorted(
            (info.filename, info.CRC) for info in zipfile.ZipFile(wheel).infolist() if "RECORD" not in info.filename
        )

    assert listed(again) == listed(built[".whl"])


@pytest.mark.skipif(not UV, reason="uv is of the extra dev")
def test_uv_tool_install(clone, tmp_path):
    assert "uv tool install ." in ELSEWHERE
    where = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    assert ours(ran(UV, "tool", "install", "--python", sys.executable, ".", cwd=clone, **where)) == []
    used(tmp_path / "bin", tmp_path)


def test_pipx_install(clone, empty, tmp_path):
    assert "pipx install ." in ELSEWHERE
    ran(empty / "python", "-m", "pip", "install", "--quiet", "pipx", cwd=tmp_path)
    where = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin"), "USE_EMOJI": "0"}
    where["PIPX_MAN_DIR"] = str(tmp_path / "man")
    ran(empty / "pipx", "install", ".", cwd=clone, **where)
    used(tmp_path / "bin", tmp_path)
    assert (tmp_path / "man/man1/cleaner.1").exists()


def test_the_two_commands_begin_with_an_environment(clone):
    """`make demo`, of which the other is the same set-up, with the tests: these."""
    assert "make demo" in ELSEWHERE
    shown = ran("make", f"PYTHON={sys.executable}", "demo", cwd=clone)
    assert ours(shown) == []
    assert "Marrow Lass" in shown.stdout
    assert (clone / "demo-out/report.html").is_file()
    (clone / "a.txt").write_text(ARTICLE)
    assert "Advertisement" not in ran(clone / ".venv/bin/cleaner", "clean", "a.txt", cwd=clone).stdout
