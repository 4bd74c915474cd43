"""Dates as scrapers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dates import date_of, day_first

READ = [
    ("2024-03-18", "2024-03-18"),
    ("2024-03-18T18:30:00Z", "2024-03-18"),
    (" 2024-04-08T07:15:00+01:00 ", "2024-04-08"),
    ("2024-03-18 23:30:00 -0700", "2024-03-18"),
    ("2024/3/8 07:15", "2024-03-08"),
    ("2024.03.18", "2024-03-18"),
    ("2024年3月18日", "2024-03-18"),
    ("20240318", "2024-03-18"),
    ("20240318T101500Z", "2024-03-18"),
    ("2024-W12-1", "2024-03-18"),
    ("Mon, 18 Mar 2024 10:00:00 GMT", "2024-03-18"),
    ("18 Mar 24 10:00:00 +0200", "2024-03-18"),
    ("Mon Mar 18 2024 10:00:00 GMT+0200 (CEST)", "2024-03-18"),
    ("18.03.2024", "2024-03-18"),
    ("18. 3. 2024, 10:15 Uhr", "2024-03-18"),
    ("18.3.24", "2024-03-18"),
    ("March 18, 2024", "2024-03-18"),
    ("Monday, Sept. 8, 2024, 10:15 a.m.", "2024-09-08"),
    ("18. März 2024", "2024-03-18"),
    ("18 de marzo de 2024", "2024-03-18"),
    ("18-Mar-2024", "2024-03-18"),
    ("18/3/2024", "2024-03-18"),
    ("3/18/24", "2024-03-18"),
    ("4/4/1998", "1998-04-04"),
    ("4/4/98", "1998-04-04"),
    (1710756000, "2024-03-18"),
    (1710756000.5, "2024-03-18"),
    (1710756000000, "2024-03-18"),
    ("1710756000", "2024-03-18"),
    ("1710756000000", "2024-03-18"),
]
UNREAD = ["last Tuesday", "2024-02-30", "31.02.2024", "1/4/19", "4-5-2019", "", " ", None, True, 20240318, 7, "7", "9" * 400]
UNREAD += [float("nan"), float("inf"), -1710756000, ["2024-03-18"], {"$date": 1}, "12:30", "18:30 Uhr", "2024", "March 2024"]


@pytest.mark.parametrize(("value", "day"), READ)
def test_what_is_read(value, day):
    assert date_of(value) == day


@pytest.mark.parametrize("value", UNREAD, ids=repr)
def test_what_is_not(value):
    assert date_of(value) is None


def test_which_number_is_the_day_is_told_by_other_dates():
    assert day_first(["1/4/19", "13/4/19"]) is True
    assert day_first(["1/4/19", "4/13/19", "no date"]) is False
    assert day_first(["1/4/19"]) is None
    assert day_first(["13/4/19", "4/13/19"]) is None
    assert (date_of("1/4/19", True), date_of("1/4/19", False)) == ("2019-04-01", "2019-01-04")
    assert date_of("4/13/19", True) == "2019-04-13"


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats()), st.sampled_from([True, False, None]))
def test_anything_is_a_day_or_none(value, order):
    found = date_of(value, order)
    assert found is None or date_of(found) == found


@given(st.dates())
def test_a_day_is_itself(day):
    assert date_of(day.isoformat()) == day.isoformat()
