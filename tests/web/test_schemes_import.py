"""Importing the text of a rate table or a policy."""

from __future__ import annotations

from html import unescape
from io import BytesIO

import pytest

from tests.web.schemes import HUGE, OWN_POLICY, OWN_TABLE, TABLE, Place
from tests.web.world import actions


def test_a_text_is_shown_and_then_added(place: Place) -> None:
    text = OWN_TABLE.replace("brug-2026", "brug-2027").replace("Tabel van De Brug", "<b>Nieuw</b>")
    looked = place.browser().post("/schemes/import", data={"toml": text, "action": "calculate"})

    assert "&lt;b&gt;Nieuw&lt;/b&gt;" in looked.text
    assert "<b>Nieuw" not in looked.text
    assert "brug-2027" not in place.tables()
    assert place.send("/schemes/import", {"toml": text.replace("\n", "\r\n")}).status_code == 302
    assert place.tables()["brug-2027"] == text


def test_a_file_stands_in_the_text_field_and_its_kind_is_recognised(place: Place) -> None:
    file = (BytesIO(OWN_POLICY.replace('"brug"', '"brug-2"').encode()), "mine.toml")
    page = unescape(place.browser().post("/schemes/import", data={"file": file, "action": "calculate"}).text)

    assert 'id = "brug-2"' in page
    assert "A policy · brug-2" in page


def test_the_same_content_again_changes_nothing_and_says_so(place: Place) -> None:
    done = actions(place.app)
    answer = place.send("/schemes/import", {"toml": f"{OWN_TABLE}\n# once more\n"}, follow_redirects=True)

    assert "was there already with the same content" in answer.text
    assert place.tables()["brug-2026"] == OWN_TABLE
    assert actions(place.app) == done


WRONG_TEXTS = [
    ("", "Choose a file, or paste its text."),
    ("id = 'x'", "This is no rate table and no policy"),
    ("id = 'x'\nid = 'y'\n", "Line 2: This is not valid TOML"),
    (f"a = {HUGE}", "A number here is too long"),
    ("a = " + "[" * 5000, "brackets stand in too many brackets"),
    (OWN_TABLE.replace("40_000", "41_000", 1), "says something else. Give a new version a new id."),
    (TABLE, "comes with the product"),
    (OWN_TABLE.replace("brug-2026", "met blank"), "Line 1, “id”: Give a short name"),
    (OWN_TABLE.replace("brug-2026", "<script>"), "Line 1, “id”: Give a short name"),
    (OWN_TABLE.replace("brug-2026", "x" * 65), "Line 1, “id”: Give a short name"),
    (OWN_TABLE.replace("value = 40_000", 'value = "veel"', 1), "Line 14, “value”: Give a number."),
    (OWN_TABLE.replace("value = 40_000", "value = -1", 1), "Line 14, “value”: The number is too low"),
    (OWN_TABLE.replace("value = 40_000", "value = 1e15", 1), "Line 14, “value”: The number is too low or too high"),
    (OWN_TABLE.replace("hours = 36", "hours = 1e-999999"), "has too many decimals"),
    (OWN_TABLE.replace("Tabel van De Brug", "x" * 201), "of at most 200 characters"),
    (OWN_TABLE + "[[block]]\n" * 500, "There are too many of these: at most 500."),
    (OWN_TABLE.replace("Tabel van De Brug", "a\\u0000b"), "another sign that nobody sees"),
]


def test_what_is_wrong_with_a_text_is_said_and_the_text_stays(place: Place) -> None:
    browser, silent = place.browser(), []
    for text, words in WRONG_TEXTS:
        answer = browser.post("/schemes/import", data={"toml": text, "action": "calculate"})
        page = unescape(answer.text)
        if words not in page or text not in page or "Add it" in page or 'id = "<script>' in answer.text:
            silent.append((text[:70], words))

    assert silent == []
    assert place.tables().keys() == {"brug-2026"}


@pytest.mark.parametrize(("content", "words"), [
    (b"\xff\xfe", "is no text. Save it as UTF-8."),
    (b"#" * (1024 * 1024 + 1), "too large: at most 1 MB"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_beside_it(place: Place, content: bytes, words: str) -> None:
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="action"\r\n\r\nsave\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.toml"\r\n\r\n' + content + b"\r\n--x--\r\n"
    )
    answer = place.browser().post("/schemes/import", data=parts, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 422
    assert words in answer.text
    assert 'href="#file"' in answer.text
