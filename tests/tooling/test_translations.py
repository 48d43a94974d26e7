"""The catalogue of translations misses nothing, and the check would tell."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from tools import translations

VALUE = re.compile(r"%\(\w+\)s")
ENGLISH = re.compile(r"\b(the|and|not|with|this|from|are|which)\b", re.IGNORECASE)
DUTCH = re.compile(r"\b(het|een|niet|deze|naar|geen|wordt|zijn|voor)\b", re.IGNORECASE)


@pytest.fixture
def texts() -> Catalog:
    found = Catalog()
    found.add("Contract", locations=[("app/x.py", 7)])
    found.add(("%(num)s contract", "%(num)s contracts"), locations=[("app/x.py", 8)])
    return found


def dutch(**strings: str) -> Catalog:
    catalogue = Catalog(locale="nl")
    for text, string in strings.items():
        catalogue.add(text, string)
    return catalogue


def test_a_complete_catalogue_has_no_faults(texts: Catalog) -> None:
    catalogue = dutch(Contract="Overeenkomst")
    catalogue.add(("%(num)s contract", "%(num)s contracts"), ("%(num)s overeenkomst", "%(num)s overeenkomsten"))

    assert list(translations.faults_of(catalogue, texts)) == []


def test_every_lack_is_named(texts: Catalog) -> None:
    catalogue = dutch(Supplier="Leverancier")
    catalogue.add("Contract", "")
    faults = " | ".join(translations.faults_of(catalogue, texts))

    assert (
        "not in the catalogue (./run translations): ('%(num)s contract', '%(num)s contracts') at app/x.py:8" in faults
    )
    assert "without a translation: 'Contract'" in faults
    assert "no longer used (./run translations): 'Supplier'" in faults


def test_one_plural_is_not_enough(texts: Catalog) -> None:
    catalogue = dutch(Contract="Overeenkomst")
    catalogue.add(("%(num)s contract", "%(num)s contracts"), ("%(num)s overeenkomst", ""))

    assert any("without a translation" in fault for fault in translations.faults_of(catalogue, texts))


def test_an_unsure_translation_is_none(texts: Catalog) -> None:
    catalogue = dutch(Contract="Overeenkomst")
    catalogue.add("Contract", "Overeenkomst", flags=["fuzzy"])

    assert any("fuzzy" in fault for fault in translations.faults_of(catalogue, texts))


def test_a_translation_that_loses_a_value_is_named() -> None:
    found, catalogue = Catalog(), Catalog(locale="nl")
    found.add("Until %(day)s", flags=["python-format"])
    catalogue.add("Until %(day)s", "Tot %(dag)s", flags=["python-format"])

    assert len(list(translations.faults_of(catalogue, found))) == 1


def test_texts_of_code_and_templates_are_found_and_tests_are_not() -> None:
    found = {message.id: message.locations for message in translations.messages(translations.extracted())}

    assert found["This page does not exist"]
    assert found["To the first page"]
    assert all(file.startswith(("app/", "templates/")) for places in found.values() for file, _ in places)


def test_no_text_is_written_in_the_other_language() -> None:
    catalogue = translations.read(translations.catalogue_paths()[0])
    wrong = [
        message.id
        for message in translations.messages(catalogue)
        if any(DUTCH.search(text) for text in several(message.id))
        or any(ENGLISH.search(text) for text in several(message.string))
    ]

    assert wrong == []


def several(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A text and its plurals, without the names of the values in it."""
    return tuple(VALUE.sub("", each) for each in ((text,) if isinstance(text, str) else text))
