"""An article with one line of boilerplate, as text, page and records, for the tests of `cleaner clean`."""

import json

FIRST = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
LAST = "Nobody had expected the repairs to cost so much, and the mayor said that she would ask the state for help."
DIRTY = f"{FIRST}\n\nAdvertisement\n\n{LAST}\n"
CLEAN = f"{FIRST}\n\n{LAST}\n"
PAGE = f"<!DOCTYPE html><html><head><title>Bridge</title></head><body><article><p>{FIRST}</p><p>{LAST}</p></article></body>"
RECORD = {
    "id": "r1",
    "title": "Bridge",
    "text": DIRTY,
    "date": "2024-03-01",
    "url": "https://a.example/1",
    "n": [1, {"x": None}],
}
LINES = json.dumps(RECORD) + "\n" + json.dumps({"text": "Short.", "id": 7}) + "\n"
