"""The documents' own commands and programs, run, against the output that they show (written as documents.py says).

`python tests/test_readme.py` writes the outputs anew, of all documents or of those that are named.
"""

import re
from pathlib import Path

import pytest
from documents import DOCUMENTS, ROOT, blocks, clone_for, played, rewritten
from warm import Server, environment

from cleaner.rules import languages
from cleaner.version import VERSION

README = ROOT / "README.md"
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in DOCUMENTS if blocks(path)], ids=lambda path: path.name)
def test_commands_do_what_the_documents_show(path, tmp_path, warm):
    for command, shown, done in played(path, clone_for(path, tmp_path / "clone", warm)):
        if shown is None:
            assert done.returncode == 0, f"{command}\n{done.stderr}"
        else:
            assert done.stdout == shown, command


def test_the_readme_is_short():
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 1000


def test_the_guide_names_every_command(run_cleaner):
    text = " ".join((ROOT / "docs/guide.md").read_text(encoding="utf-8").split())
    for group in ((), ("rules",), ("index",)):
        shown = run_cleaner(*group, "--help").text.partition("Commands:\n")[2]
        for name in re.findall(r"^  (\w+) ", shown, re.MULTILINE):
            assert f"cleaner {' '.join((*group, name))}" in text or f"`{name} " in text, name


def test_the_guide_names_the_languages_of_the_rules():
    text = " ".join((ROOT / "docs/guide.md").read_text(encoding="utf-8").split())
    named = re.search(r"which apply to every article, and for ([\w, ]+), which", text)[1]
    assert {"en", *re.findall(r"\b[a-z]{2}\b", named)} == languages()


def test_the_version_and_the_changelog_go_together():
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {VERSION}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        file, _, part = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        if part:
            titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert part in [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles], link


if __name__ == "__main__":
    import sys
    import tempfile

    warm = Server(environment())
    for document in map(Path, sys.argv[1:] or [path for path in DOCUMENTS if blocks(path)]):
        with tempfile.TemporaryDirectory() as folder:
            text = rewritten(document, clone_for(document, Path(folder, "clone"), warm))
        document.write_text(text, encoding="utf-8")
    warm.stop()
