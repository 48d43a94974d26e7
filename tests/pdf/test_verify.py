"""Verifying a file alone: what is as it was made is valid, and what was changed in it is found."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from hashlib import md5
from typing import Any

import pikepdf
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.dossier_json import canonical
from app.statements import verify as verifying
from app.statements.kinds import hash_of
from app.statements.models import StatementKind
from app.statements.render import render
from app.statements.verify import verify
from app.web.sentences import sentence
from tests import support
from tests.pdf.making import paper

ATTACHED = ("assessment.json", "dossier.json", "statement.json")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose database does not exist and must not be asked."""
    with support.without_database(tmp_path_factory.mktemp("verify")) as made:
        yield made


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def statement(app: Flask) -> bytes:
    with app.app_context():
        return render(paper())


def streams(content: bytes) -> list[range]:
    """Where the attachments lie in the file, compressed."""
    starts = [match.end() for match in re.finditer(rb"/Type /EmbeddedFile.*?stream\n", content, re.DOTALL)]
    return [range(start, content.index(b"\nendstream", start)) for start in starts]


def flipped(content: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1 << bit
    return bytes(changed)


def with_attachments(content: bytes, **changes: bytes) -> bytes:
    """The same file with other documents attached, as a forger with a PDF library would make it."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for name, document in changes.items():
            stream: Any = pdf.attachments[f"{name}.json"].get_file().obj
            stream.write(document)
            stream.Params.CheckSum = pikepdf.String(md5(document).digest())
        out = io.BytesIO()
        pdf.save(out, compress_streams=True)
    return out.getvalue()


def documents(content: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: json.loads(pdf.attachments[name].get_file().read_bytes()) for name in ATTACHED}


def fault(content: bytes) -> str:
    found = verify(content).fault
    return found.code if found else "valid"


def test_a_statement_as_it_was_made_is_valid_and_equal_when_made_again(statement: bytes) -> None:
    verdict = verify(statement)

    assert verdict.is_valid
    assert verdict.is_compared
    assert verdict.imprint is not None
    assert (verdict.imprint.number, verdict.about) == ("2026-0042", "overeenkomst 2025-014")


def test_every_byte_of_the_attachments_counts(statement: bytes) -> None:
    """A bit of many bytes is changed, one at a time, and the paper not made again: so this holds on every machine.

    Up to seven bits at the end of a compressed stream mean nothing and change nothing of what is attached; that they
    were changed shows when the paper is made again.
    """
    chance = random.Random(1)
    where = streams(statement)
    assert len(where) == 4
    ends = [place for each in where for place in (*each[:10], *each[-10:])]
    places = chance.sample([place for each in where for place in each], 700) + ends

    changed = (flipped(statement, place, chance.randrange(8)) for place in places)
    missed = [content for content in changed if verify(content, compare=False).is_valid]

    assert len(missed) <= 6
    assert all(documents(content) == documents(statement) for content in missed)
    assert [content for content in missed if verify(content).is_valid] == []


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_bit_of_the_file_counts_where_it_can_be_made_again(statement: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(statement) - 1))
    assert not verify(flipped(statement, place, data.draw(st.integers(0, 7)))).is_valid


def test_an_appended_update_is_found(statement: bytes) -> None:
    assert fault(statement + b"\n% something\n") == "statement_paper_differs"


def test_figures_that_do_not_follow_from_the_facts_are_named(statement: bytes) -> None:
    found = documents(statement)
    found["assessment.json"]["credited_cents"] += 100
    found["assessment.json"]["remaining_cents"] -= 100
    forged = {name: canonical(each) for name, each in found.items()}
    found["statement.json"]["document_sha256"] = hash_of(StatementKind.CONTRACT, forged)

    changed = with_attachments(
        statement, assessment=forged["assessment.json"], statement=canonical(found["statement.json"])
    )

    verdict = verify(changed)
    assert verdict.fault is not None
    assert verdict.fault.code == "statement_figures_differ"
    assert "credited_cents, remaining_cents" in sentence(verdict.fault)


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("dossier", lambda it: it | {"contract_sum": "1.00"}, "statement_hash_differs"),
        ("assessment", lambda it: it | {"net_cents": 1}, "statement_hash_differs"),
        ("statement", lambda it: it | {"number": "2026-0043"}, "statement_paper_differs"),
        ("statement", lambda it: it | {"kind": "other"}, "statement_kind_unknown"),
        ("statement", lambda it: it | {"kind": "final"}, "statement_none"),
        ("statement", lambda it: it | {"language": "fr"}, "statement_attachment_unreadable"),
        ("statement", lambda it: it | {"on": "yesterday"}, "statement_attachment_unreadable"),
        ("statement", lambda it: it | {"chain_sequence": "1"}, "statement_attachment_unreadable"),
        ("statement", lambda it: it | {"extra": "x"}, "statement_attachment_unreadable"),
        ("statement", lambda it: {"schema": "statement/1"}, "statement_attachment_unreadable"),
        ("statement", lambda it: [], "statement_attachment_unreadable"),
    ],
)
def test_an_attachment_that_was_exchanged_is_found(
    statement: bytes, name: str, change: Callable[[Any], Any], code: str
) -> None:
    document = change(documents(statement)[f"{name}.json"])

    assert fault(with_attachments(statement, **{name: canonical(document)})) == code


@pytest.mark.parametrize("written", [b"{", b"\xff\xfe", b'{"a": 1}', b'{"a":NaN}', b"[" * 100_000, b'{"b":1,"a":1}'])
def test_an_attachment_that_is_not_in_canonical_form_is_refused(statement: bytes, written: bytes) -> None:
    assert fault(with_attachments(statement, statement=written)) == "statement_attachment_unreadable"


AMENDMENT = {"reference": "M1", "effective_on": "2026-01-01", "new_end": None, "amount": "1.00", "description": ""}


def other(row: str, **changes: Any) -> Callable[[Any], Any]:
    """The facts with something else in the first row of a list."""
    return lambda it: it | {row: [it[row][0] | changes, *it[row][1:]]}


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it | {"percentage": "1E+999999999"},
        lambda it: it | {"percentage": "1E+99999999999"},
        lambda it: it | {"activity_cap": "NaN"},
        lambda it: it | {"contract_sum": "Infinity"},
        lambda it: it | {"contract_sum": 5},
        lambda it: it | {"excused": "no"},
        lambda it: it | {"amendments": [AMENDMENT] * 2000},
        lambda it: it | {"amendments": [AMENDMENT | {"amount": "1E+9999999"}]},
        lambda it: it | {"rules": 1.5},
        other("placements", reference=0),
        other("placements", person=["A"]),
        other("placements", block={}),
        other("placements", bonuses=[[]]),
        other("placements", share="NaN"),
        other("certificates", valid_from="9999-12-31", valid_until="9999-12-31"),
    ],
)
def test_facts_that_nobody_could_record_are_refused_and_cost_nothing(
    statement: bytes, change: Callable[[Any], Any]
) -> None:
    assert fault(with_facts(statement, change)) in ("dossier_unreadable", "statement_facts_unreadable")


def with_facts(statement: bytes, change: Callable[[Any], Any]) -> bytes:
    """A file with other facts, of which the hashes are right: as one makes it who knows how."""
    found = documents(statement)
    dossier, assessment = canonical(change(found["dossier.json"])), canonical(found["assessment.json"])
    digest = hash_of(StatementKind.CONTRACT, {"dossier.json": dossier, "assessment.json": assessment})
    imprint = found["statement.json"] | {"document_sha256": digest}
    return with_attachments(statement, dossier=dossier, statement=canonical(imprint))


def test_facts_that_are_none_are_refused(statement: bytes) -> None:
    assert fault(with_facts(statement, lambda it: it | {"rules": 2})) == "unknown_rules"


def test_another_machine_says_that_it_could_not_compare_the_layout(
    statement: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "made_with", lambda: "WeasyPrint 71.0")
    elsewhere = verify(statement)

    monkeypatch.undo()
    monkeypatch.setattr(verifying, "layout_sha256", lambda: "0" * 64)
    other_templates = verify(statement)

    assert elsewhere.is_valid
    assert not elsewhere.is_compared
    assert other_templates.is_valid
    assert not other_templates.is_compared


def encrypted(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def foreign() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda _: b"", "statement_no_pdf"),
        (lambda _: b"PK\x03\x04 a workbook", "statement_no_pdf"),
        (lambda _: b"%PDF-1.7 and then nothing", "statement_damaged"),
        (lambda content: content[: len(content) // 2], "statement_damaged"),
        (encrypted, "statement_encrypted"),
        (lambda _: foreign(), "statement_none"),
        (lambda _: b"%PDF-" + bytes(51 * 1024 * 1024), "statement_file_too_large"),
    ],
)
def test_bad_files_get_a_clear_answer(statement: bytes, make: Callable[[bytes], bytes], code: str) -> None:
    assert fault(make(statement)) == code


def test_an_attachment_that_unpacks_to_more_than_any_is_refused(
    statement: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "LARGEST_ATTACHMENT", 1000)

    assert fault(statement) == "statement_damaged"
