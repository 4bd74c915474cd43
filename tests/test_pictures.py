"""The README's pictures say what the command says now. `python docs/pictures.py` draws them anew."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_SPEC = importlib.util.spec_from_file_location("pictures", ROOT / "docs/pictures.py")
pictures = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pictures)


@pytest.mark.slow
@pytest.mark.parametrize("name", pictures.PICTURES)
def test_a_picture_is_current(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    drawn = (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8")
    assert pictures.words(drawn) == pictures.words(pictures.picture(name))
    assert "://" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_the_readme_shows_all_of_them():
    shown = re.findall(r"!\[[^]]+\]\(docs/(\w+)\.svg\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(pictures.PICTURES)
