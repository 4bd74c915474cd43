"""The documents' own commands and programs, run, against the output that they show (written as documents.py says).

`python tests/test_readme.py` writes the outputs anew, of all documents or of those that are named.
"""

import re
from pathlib import Path

import pytest
from documents import DOCUMENTS, ROOT, blocks, clone_for, played, rewritten
from warm import Server, environment

README = ROOT / "README.md"
ARRIVING = ("index.md", "cluster.md")  # written beside this, with what they tell of
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


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        file, _, part = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists() or target.name in ARRIVING, link
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
