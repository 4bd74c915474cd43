"""`cleaner.toml`, or `[tool.cleaner]` in pyproject.toml: found, read, and put under what the command line says."""

import pytest
from samples import CLEAN, DIRTY, FIRST, LAST

pytestmark = pytest.mark.slow

RULE = 'id = "my/weather"\nwhy = "the weather box"\npatterns = [\'weather: .+\']\n'
OFF = 'id = "en/ad-label"\noff = true\n'
WEATHER = f"{FIRST}\n\nWeather: rain\n\n{LAST}\n"


def test_a_file_of_rules_is_found_from_the_folder_of_the_configuration(run_cleaner, tree):
    where = tree({"cleaner.toml": 'rules = ["rules/mine.toml"]\n', "rules/mine.toml": f"[[rule]]\n{RULE}", "a/b/c.txt": ""})
    for folder in ("in", "in/a", "in/a/b"):
        ran = run_cleaner("clean", cwd=where / folder, input=WEATHER)
        assert (ran.code, ran.err, ran.text) == (0, "", CLEAN)
    assert run_cleaner("clean", cwd=where, input=WEATHER).text == WEATHER


def test_rules_stand_in_the_configuration_too(run_cleaner, tree):
    pyproject = f'[project]\nname = "x"\n[tool.other]\nx = 1\n[[tool.cleaner.rule]]\n{RULE}[[tool.cleaner.rule]]\n{OFF}'
    where = tree({"pyproject.toml": pyproject}) / "in"
    assert run_cleaner("clean", cwd=where, input=WEATHER).text == CLEAN
    assert run_cleaner("clean", cwd=where, input=DIRTY).text == DIRTY


def test_the_nearest_counts_and_cleaner_toml_before_pyproject(run_cleaner, tree):
    where = tree(
        {
            "cleaner.toml": f"[[rule]]\n{RULE}",
            "pyproject.toml": f"[[tool.cleaner.rule]]\n{OFF}",
            "near/pyproject.toml": f"[[tool.cleaner.rule]]\n{OFF}",
            "none/pyproject.toml": "[tool.other]\n",
            "empty/cleaner.toml": "",
            "repository/.git/HEAD": "",
            "worktree/.git": "gitdir: elsewhere",
        }
    )
    for folder, weather, advertisement in (
        ("in", CLEAN, CLEAN),
        ("in/near", WEATHER, DIRTY),
        ("in/none", CLEAN, CLEAN),
        ("in/empty", WEATHER, CLEAN),
        ("in/repository", WEATHER, CLEAN),
        ("in/worktree", WEATHER, CLEAN),
    ):
        assert run_cleaner("clean", cwd=where / folder, input=WEATHER).text == weather, folder
        assert run_cleaner("clean", cwd=where / folder, input=DIRTY).text == advertisement, folder


def test_the_command_line_adds_to_the_rules(run_cleaner, tree):
    where = tree({"cleaner.toml": f"[[rule]]\n{RULE}", "more.toml": f"[[rule]]\n{OFF}"}) / "in"
    for given, left in ((WEATHER, CLEAN), (DIRTY, DIRTY)):
        assert run_cleaner("clean", "--rules", "more.toml", cwd=where, input=given).text == left
    (where / "more.toml").write_text('[[rule]]\nid = "my/weather"\noff = true\n')
    assert run_cleaner("clean", "--rules", "more.toml", cwd=where, input=WEATHER).text == WEATHER


def test_the_command_line_overrides_the_language(run_cleaner, tree):
    german = f"{FIRST}\n\nLesen Sie auch: Der Fluss steigt\n\n{LAST}\n"
    where = tree({"cleaner.toml": 'lang = "de"\n', "other/cleaner.toml": 'lang = "xx"\n'}) / "in"
    assert run_cleaner("clean", cwd=where, input=german).text == CLEAN
    assert run_cleaner("clean", "--lang", "en", cwd=where, input=german).text == german
    unknown = run_cleaner("clean", cwd=where / "other", input=german)
    assert (unknown.code, unknown.out, unknown.err.count("\n")) == (2, b"", 1)
    assert unknown.err.startswith("cleaner: cleaner.toml: lang xx: ")


BAD = {
    "unknown key": ("colour = 1\n", "unknown key 'colour'"),
    "a slip": ("include_ = []\n", "unknown key 'include_' (did you mean 'include'?); the keys are"),
    "a slip in a rule": (f"[[rule]]\n{RULE}keep = ['x']\n", "rule my/weather: unknown key 'keep' (did you mean 'keeps'?)"),
    "rules no list": ("rules = 'mine.toml'\n", "'rules' must be"),
    "rules no paths": ("rules = [1]\n", "'rules' must be"),
    "rule no tables": ("rule = 1\n", "'rule' must be"),
    "lang no string": ("lang = ['de']\n", "'lang' must be"),
    "bad pattern": (f"[[rule]]\n{RULE.replace('weather: .+', '(')}", "rule my/weather: bad pattern: "),
    "unknown key of a rule": (f"[[rule]]\n{RULE}x = 1\n", "rule my/weather: unknown key 'x'"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_fault_is_one_line_that_names_file_and_key(run_cleaner, tree, name):
    content, reason = BAD[name]
    where = tree({"cleaner.toml": content, "a.txt": DIRTY, "down/x": ""}) / "in"
    ran = run_cleaner("clean", "-o", "out", "a.txt", cwd=where)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert ran.err.startswith(f"cleaner: cleaner.toml: {reason}")
    assert not (where / "out").exists()
    (where / "cleaner.toml").unlink()
    inner = "[tool.cleaner]\n" + content.replace("[[rule]]", "[[tool.cleaner.rule]]")
    (where / "pyproject.toml").write_text(inner)
    ran = run_cleaner("clean", "../a.txt", cwd=where / "down")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert ran.err.startswith(f"cleaner: ../pyproject.toml: {reason}")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"pyproject.toml": "[tool]\ncleaner = 1\n"}, "pyproject.toml: 'tool.cleaner' must be a table"),
        ({"pyproject.toml": "[tool"}, "pyproject.toml: not TOML that can be read: "),
        ({"cleaner.toml": b"\xff"}, "cleaner.toml: not TOML that can be read: "),
        ({"cleaner.toml": "rules = ['x.toml']"}, "x.toml: no such file or directory"),
        ({"cleaner.toml": "rules = ['.']"}, ".: is a directory"),
        ({"cleaner.toml": "rules = ['x.toml']", "x.toml": f"[[rule]]\n{RULE}x = 1"}, "x.toml: rule my/weather: unknown key"),
    ],
)
def test_a_file_that_cannot_be_used(run_cleaner, tree, files, said):
    ran = run_cleaner("clean", cwd=tree(files) / "in", input=DIRTY)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert ran.err.startswith(f"cleaner: {said}")


@pytest.mark.parametrize("args", [("group", "a.txt"), ("diff", "a.txt"), ("run", "a.txt", "out"), ("rules", "list")])
def test_every_command_reads_it(run_cleaner, tree, args):
    where = tree({"cleaner.toml": "x = 1", "a.txt": DIRTY}) / "in"
    ran = run_cleaner(*args, cwd=where)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, b"", 1)
    assert not (where / "out").exists()


def test_the_rules_in_force_are_listed_shown_and_tested(run_cleaner, tree):
    examples = 'removes = ["Weather: rain"]\nkeeps = ["Weather kept the boats in."]\n'
    where = tree({"cleaner.toml": f"[[rule]]\n{RULE}{examples}[[rule]]\n{OFF}", "x.toml": f"[[rule]]\n{RULE}"}) / "in"
    listed = [line.split()[0] for line in run_cleaner("rules", "list", cwd=where).text.splitlines()]
    shipped = [line.split()[0] for line in run_cleaner("rules", "list", cwd=where.parent).text.splitlines()]
    assert listed == [*(id for id in shipped if id != "en/ad-label"), "my/weather"]
    assert "weather: .+" in run_cleaner("rules", "show", "my/weather", cwd=where).text
    assert run_cleaner("rules", "show", "en/ad-label", cwd=where).code == 2
    tested = run_cleaner("rules", "test", cwd=where)
    assert f"{len(shipped)} rules" in tested.text
    assert tested.code == 0, tested.err
    assert run_cleaner("rules", "list", "x.toml", cwd=where).text.split()[0] == "my/weather"


def test_the_library_reads_none(tree, monkeypatch):
    import cleaner

    monkeypatch.chdir(tree({"cleaner.toml": f"[[rule]]\n{RULE}"}) / "in")
    assert cleaner.clean(WEATHER).text == WEATHER


def test_a_hostile_file_is_named_safely(run_cleaner, tree):
    where = tree({"cleaner.toml": '"\\u001b[31m\\u202e" = 1\n'}) / "in"
    assert run_cleaner("clean", cwd=where, input=DIRTY).code == 2  # run_cleaner looks at what is said
