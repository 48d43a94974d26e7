"""Whatever is done to a chain afterwards is found: a change, a deletion, a swap, a cut tail, a chain made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from app.audit.chain import Fault, Head, Link, Payload, canonical, instant_text, verify

CHAIN = "12345678"
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def chain_of(length: int, *, salt: str = "5a") -> list[Link]:
    links: list[Link] = []
    head = Head()
    for sequence in range(1, length + 1):
        payload = Payload(canonical({}), canonical({f"contract:{sequence}": {"title": "Dak"}}), "{}", salt)
        link = Link(
            sequence=sequence,
            at=AT + timedelta(minutes=sequence),
            actor_id=7,
            actor="user",
            action="contract.add",
            object_kind="contract",
            object_id=sequence,
            payload_digest=payload.digest,
            previous_hash=head.hash,
            payload=payload,
        )
        links.append(replace(link, hash=link.hash_in(CHAIN)))
        head = head_of(links)
    return links


def head_of(links: list[Link]) -> Head:
    return Head(links[-1].sequence, links[-1].hash)


def test_an_untouched_chain_is_sound() -> None:
    links = chain_of(5)
    verdict = verify(CHAIN, links, [Head(), head_of(links[:3]), head_of(links)])
    assert verdict.is_sound
    assert verdict.head == head_of(links)


def test_an_empty_chain_is_sound() -> None:
    assert verify(CHAIN, []).head == Head()


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT},
        {"actor_id": 8},
        {"actor": "command line"},
        {"action": "contract.edit"},
        {"object_kind": "amendment"},
        {"object_id": None},
        {"payload_digest": "0" * 64},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_record_is_found(change: dict[str, Any]) -> None:
    links = chain_of(5)
    links[2] = replace(links[2], **change)
    verdict = verify(CHAIN, links)
    assert (verdict.fault, verdict.at_sequence) == (Fault.CHANGED, 3)


def test_a_changed_record_whose_hash_was_made_to_fit_breaks_the_next() -> None:
    links = chain_of(5)
    forged = replace(links[2], action="contract.edit")
    links[2] = replace(forged, hash=forged.hash_in(CHAIN))
    verdict = verify(CHAIN, links)
    assert (verdict.fault, verdict.at_sequence) == (Fault.MISLINKED, 4)


def test_a_deleted_record_is_found() -> None:
    links = chain_of(5)
    del links[2]
    verdict = verify(CHAIN, links)
    assert (verdict.fault, verdict.at_sequence) == (Fault.MISSING, 3)


def test_a_deletion_that_renumbers_the_rest_is_found() -> None:
    links = chain_of(5)
    del links[2]
    links[2:] = [replace(link, sequence=link.sequence - 1) for link in links[2:]]
    assert verify(CHAIN, links).fault is Fault.MISLINKED


def test_swapped_records_are_found() -> None:
    links = chain_of(5)
    links[1], links[2] = replace(links[2], sequence=2), replace(links[1], sequence=3)
    verdict = verify(CHAIN, links)
    assert (verdict.fault, verdict.at_sequence) == (Fault.MISLINKED, 2)


def test_a_cut_tail_is_found_by_a_head_that_was_noted() -> None:
    links = chain_of(5)
    known = head_of(links)
    assert verify(CHAIN, links[:3]).is_sound
    verdict = verify(CHAIN, links[:3], [known])
    assert (verdict.fault, verdict.at_sequence) == (Fault.TRUNCATED, 4)


def test_a_chain_made_anew_is_found_by_a_head_that_was_noted() -> None:
    known = head_of(chain_of(4))
    verdict = verify(CHAIN, chain_of(5, salt="00"), [known])
    assert (verdict.fault, verdict.at_sequence) == (Fault.OTHER_PAST, 4)


def test_a_record_of_another_chain_is_found() -> None:
    assert verify("87654321", chain_of(1)).fault is Fault.CHANGED


def test_a_changed_payload_is_found_and_a_removed_one_is_told() -> None:
    links = chain_of(3)
    payload = links[1].payload
    assert payload
    changed = [links[0], replace(links[1], payload=replace(payload, after="{}")), links[2]]
    assert verify(CHAIN, changed).fault is Fault.PAYLOAD_CHANGED
    removed = [links[0], replace(links[1], payload=None), links[2]]
    assert verify(CHAIN, removed).without_payload == (2,)


def test_the_same_payload_has_another_digest_with_another_salt() -> None:
    assert Payload("{}", "{}", "{}", "00").digest != Payload("{}", "{}", "{}", "01").digest


def test_a_payload_digest_tells_its_three_texts_apart() -> None:
    texts = ['{"a":1}', "{}", "{}"]
    digests = {Payload(*texts[turn:], *texts[:turn], "00").digest for turn in range(3)}
    assert len(digests) == 3


def test_an_instant_is_written_in_one_way_whatever_its_zone() -> None:
    in_amsterdam = AT.astimezone(timezone(timedelta(hours=1)))
    assert instant_text(in_amsterdam) == instant_text(AT) == "2026-11-24T09:30:00.000000Z"
