"""In which language a page is."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import get_locale

from app.web import locale


@pytest.fixture
def speaking(own_app: Flask) -> Flask:
    """An application with a page that says its language."""
    own_app.add_url_rule("/language", view_func=lambda: str(get_locale()), endpoint="language")
    return own_app


def test_dutch_is_the_language_of_who_chose_none(speaking: Flask) -> None:
    answer = speaking.test_client().get("/language", headers={"Accept-Language": "en"})

    assert answer.text == "nl"


def test_a_choice_holds_for_the_pages_after_it(speaking: Flask) -> None:
    client = speaking.test_client()

    assert client.get("/language?lang=en").text == "en"
    assert client.get("/language").text == "en"
    assert client.get("/language?lang=nl").text == "nl"
    assert client.get("/language").text == "nl"


def test_a_language_that_we_do_not_speak_changes_nothing(speaking: Flask) -> None:
    assert speaking.test_client().get("/language?lang=xx").text == "nl"


def test_the_own_language_goes_before_what_the_browser_remembers(
    speaking: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = speaking.test_client()
    client.get("/language?lang=nl")
    monkeypatch.setattr(locale, "current_user", type("Reader", (), {"language": "en"}))

    assert client.get("/language").text == "en"


def test_outside_a_request_the_language_is_dutch() -> None:
    assert locale.chosen() == "nl"
