"""`cleaner diff`: what is removed from one input, how two articles differ, how the tellings of a story differ."""

import json

import pytest

pytestmark = pytest.mark.slow

GAZETTE = "harbour/ferry-gazette.txt"
SYNDICATED = "harbour/ferry-gazette-syndicated.txt"
TRIBUNE = "harbour/ferry-tribune.txt"


def compared(run_cleaner, fixtures, *args, input=None):
    ran = run_cleaner("diff", "--json", *args, cwd=fixtures, input=input)
    assert ran.code == 0
    (found,) = ran.records
    return found


def test_one_file_shows_what_cleaning_removes_and_why(run_cleaner, fixtures):
    ran = run_cleaner("diff", SYNDICATED, cwd=fixtures)
    assert ran.code == 0
    assert ran.text == run_cleaner("clean", "--diff", SYNDICATED, cwd=fixtures).text
    for gone in ("By Odalys Brant, Staff Writer", "Photo: Wessel Harbour Authority", "All rights reserved."):
        assert gone in ran.text
    for told in ("a byline", "en/byline", "a copyright line"):
        assert told in ran.text
    assert "Perpetua Langhorne" not in ran.text  # far from any removal


def test_a_clean_file_is_no_failure(run_cleaner, fixtures):
    ran = run_cleaner("diff", "clean/embassy-posts.txt", cwd=fixtures)
    assert (ran.code, ran.err) == (0, "")
    assert "clean/embassy-posts.txt" in ran.text


@pytest.mark.parametrize(
    ("first", "second", "same_copy"),
    [("-", SYNDICATED, True), ("museum/theft-courier.html", "museum/theft-chronicle-update.txt", False)],
)
def test_two_articles_as_json(run_cleaner, fixtures, first, second, same_copy):
    found = compared(run_cleaner, fixtures, first, second, input=(fixtures / GAZETTE).read_bytes())
    assert {"similarity", "jaccard", "same_story", "same_copy"} <= found.keys()
    assert (found["same_story"], found["same_copy"]) == (True, same_copy)
    assert 0 <= found["similarity"] <= 1
    assert 0 <= found["jaccard"] <= 1
    assert (found["jaccard"] >= 0.5) == same_copy


def test_both_are_cleaned_first_unless_told_not_to(run_cleaner, fixtures, tree):
    text = (fixtures / GAZETTE).read_text(encoding="utf-8").removeprefix(" date 2024-03-18 ")
    tail = "".join(f"\nCopyright 2024 Example Wire {n}. All rights reserved.\n" for n in range(200))
    path = tree({"a.txt": text + tail}) / "in/a.txt"
    assert compared(run_cleaner, fixtures, GAZETTE, path)["jaccard"] == 1
    assert compared(run_cleaner, fixtures, "--no-clean", GAZETTE, path)["jaccard"] < 0.9


def test_the_report_of_two_articles(run_cleaner, fixtures):
    ran = run_cleaner("diff", GAZETTE, SYNDICATED, cwd=fixtures)
    assert ran.code == 0
    assert GAZETTE in ran.text
    assert SYNDICATED in ran.text
    assert "[-shortly-]{+just+}" in ran.text
    assert "\x1b" not in ran.text


def test_what_cannot_be_compared_is_exit_2(run_cleaner, fixtures):
    for args in (("missing.txt", GAZETTE), ("wire.jsonl", GAZETTE)):
        ran = run_cleaner("diff", "--json", *args, cwd=fixtures)
        assert (ran.code, ran.out) == (2, b"")
        assert ran.err


@pytest.fixture(scope="module")
def batch(run_cleaner, fixtures, tmp_path_factory):
    out = tmp_path_factory.mktemp("story") / "out"
    assert run_cleaner("run", ".", out, cwd=fixtures).code == 0
    return out


@pytest.fixture(scope="module")
def ferry(batch):
    """The story's id, and its other members, as the run has them."""
    rows = [json.loads(line) for line in (batch / "groups.jsonl").read_text(encoding="utf-8").splitlines()]
    story = next(row["story"] for row in rows if row["id"].endswith(TRIBUNE))
    return story, [row["id"] for row in rows if row["story"] == story and row["id"] != story]


def test_the_tellings_of_a_story(run_cleaner, batch, ferry):
    story, others = ferry
    ran = run_cleaner("diff", "--story", story, batch)
    assert (ran.code, ran.err) == (0, "")
    assert len(others) == 2
    assert all(name in ran.text for name in (story, *others))
    assert "41 commuters" in ran.text
    assert "Lexa Dray" not in ran.text


def test_a_story_is_known_by_the_id_of_any_of_its_articles(run_cleaner, batch, ferry):
    story, others = ferry
    whole = run_cleaner("diff", "--story", story, batch)
    for other in others:
        assert run_cleaner("diff", "--story", other, batch) == whole


def test_the_tellings_of_a_story_as_json(run_cleaner, batch, ferry):
    story, others = ferry
    ran = run_cleaner("diff", "--json", "--story", story, batch)
    (found,) = ran.records
    assert found["story"] == story
    assert [telling["id"] for telling in found["tellings"]] == others
    assert {telling["id"].endswith(SYNDICATED): telling["same_copy"] for telling in found["tellings"]} == {
        True: True,
        False: False,
    }


def test_a_story_of_records_with_fields_of_other_names(run_cleaner, fixtures, tmp_path):
    (tmp_path / "in").mkdir()
    with open(tmp_path / "in/a.jsonl", "w", encoding="utf-8") as file:
        for name in (GAZETTE, TRIBUNE):
            file.write(json.dumps({"key": name, "body": (fixtures / name).read_text(encoding="utf-8")}) + "\n")
    assert run_cleaner("run", "in", "out", "--id-field", "key", "--text-field", "body", cwd=tmp_path).code == 0
    ran = run_cleaner("diff", "--story", GAZETTE, "out", cwd=tmp_path)
    assert ran.code == 0
    assert TRIBUNE in ran.text
    assert "41 commuters" in ran.text


@pytest.mark.parametrize(
    "args", [("--story", "no-such-story", "{batch}"), ("--story", "x", "harbour"), ("--story", "x", "missing")]
)
def test_a_story_or_a_run_that_is_not_there_is_exit_2(run_cleaner, fixtures, batch, args):
    ran = run_cleaner("diff", *(arg.format(batch=batch) for arg in args), cwd=fixtures)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err
