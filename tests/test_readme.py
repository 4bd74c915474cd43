"""The README's own commands, run, against the output that it shows.

`python tests/test_readme.py` writes the output anew.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from warm import Server, environment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)


def outputs(out: Path, warm: Server) -> list[tuple[str, str, str]]:
    """(command, output shown, output now) for each console block, in order; commands see `out` as $OUT."""
    bin_dir = out.parent / "bin"
    bin_dir.mkdir()
    warm.command(bin_dir / "cleaner")
    path = os.pathsep.join([str(bin_dir), os.environ["PATH"]])
    env = {**environment(), "PATH": path, "OUT": str(out), "PYTHONPATH": str(ROOT)}
    found = []
    for match in BLOCK.finditer(README.read_text(encoding="utf-8")):
        done = subprocess.run(
            ["bash", "-c", match["command"]], cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False
        )
        found.append((match["command"], match["output"], done.stdout))
    return found


def test_commands_print_what_the_readme_shows(tmp_path, warm):
    shown = outputs(tmp_path / "out", warm)
    assert len(shown) >= 10
    for command, then, now in shown:
        assert now == then, command


def test_toml_examples_can_be_used(run_cleaner, tmp_path):
    rules, config = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/lantern.toml").write_text(rules)
    (tmp_path / "cleaner.toml").write_text(config)
    for args in (["rules", "test"], ["rules", "test", "rules/lantern.toml"]):
        assert run_cleaner(*args, cwd=tmp_path).code == 0


def test_python_example_runs():
    code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        warm = Server(environment())
        now = iter(outputs(Path(folder) / "out", warm))
        warm.stop()
    text = BLOCK.sub(lambda m: f"```console\n$ {m['command']}\n{next(now)[2]}```", README.read_text(encoding="utf-8"))
    README.write_text(text, encoding="utf-8")
