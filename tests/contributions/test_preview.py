"""The second reckoning: the entry in the dossier as approved, what it is worth, and what may be asked about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.contributions.entries import Entry
from app.contributions.preview import preview
from app.rules import Dossier, RuleError
from app.rules.checks import Facts
from app.rules.dossier import Status
from app.web.sentences import CHECKS
from tests.rules.making import a1, activity, certificate, dossier, placement

ON = date(2026, 11, 24)
NOBODY: frozenset[str] = frozenset()


def asked(facts: Dossier, entered: Entry, same_person: frozenset[str] = NOBODY) -> set[str]:
    """What deserves a look about something that was entered in time."""
    found = preview(facts, entered, Facts(ON, same_person, entered_on=date(2025, 1, 1))).findings
    assert {each.code for each in found} <= CHECKS.keys()
    return {each.code for each in found}


def worth_cents(facts: Dossier, entered: Entry, same_person: Collection[str]) -> int:
    return preview(facts, entered, Facts(ON, frozenset(same_person))).at_end.value_cents


def test_the_second_reckoning_of_example_a1_with_its_pending_placement_approved() -> None:
    pending = placement("banenafspraak", "2026-09-01", None, "20", reference="W-1081", person="3")
    found = preview(a1(), pending, Facts(ON, frozenset({"W-1081"})))

    assert (found.before.credited_cents, found.after.credited_cents) == (38_900_00, 38_900_00 + 6_481_48)
    assert (found.before.pending_cents, found.after.pending_cents) == (6_481_48, 0)
    assert (str(found.before.status), str(found.after.status)) == ("behind", "on_track")
    assert (found.now.credited_cents, found.at_end.credited_cents) == (6_481_48, 9_259_26)


def test_a_correction_takes_the_place_of_the_approved_version() -> None:
    shorter = placement("participatiewet", "2026-02-01", "2026-06-30", "28.8", reference="W-1042")
    found = preview(a1(), shorter, Facts(ON, frozenset({"W-1042"})))

    assert found.after.credited_cents == found.before.credited_cents - 24_000_00 + 13_333_33
    assert len(found.after.contributions) == len(found.before.contributions)
    assert worth_cents(a1(), shorter, {"W-1042"}) == 13_333_33


def test_a_second_placement_of_the_same_person_starts_no_new_count() -> None:
    first = placement("ww", "2025-01-01", "2025-12-31", reference="P1")
    facts = dossier(("2025-01-01", "2026-12-31"), [first], tables="haaglanden-2023")
    second = placement("ww", "2026-01-01", "2026-12-31", reference="P2", person="SR-1")

    assert worth_cents(facts, second, {"P1"}) == 0
    assert worth_cents(facts, second, NOBODY) == 20_000_00


def test_an_activity_takes_the_room_that_the_cap_leaves() -> None:
    facts = dossier(contributions=[activity("social-purchase", "2026-01-10", "900")], activity_cap=Decimal(2))
    bought = activity("social-purchase", "2026-02-10", "900", reference="A2")

    assert worth_cents(facts, bought, NOBODY) == 100_00
    assert "check_over_cap" in asked(facts, bought)


def test_what_cannot_be_assessed_is_refused() -> None:
    with pytest.raises(RuleError, match="unknown_block"):
        preview(a1(), placement("no-such-block", "2026-01-01"), Facts(ON, NOBODY))


def test_questions_about_the_days() -> None:
    facts = dossier(("2025-01-01", "2026-12-31"), tables="haaglanden-2023")

    assert "check_early" in asked(facts, placement("ww", "2024-10-01", "2025-06-30"))
    assert "check_late" in asked(facts, placement("ww", "2026-10-01", "2027-06-30"))
    assert "check_no_end" in asked(facts, placement("ww", "2026-10-01"))
    assert asked(facts, placement("ww", "2026-10-01", "2026-12-31")) == set()


def test_questions_about_hours_and_subsidy() -> None:
    facts = dossier(("2025-01-01", "2026-12-31"), tables="haaglanden-2023")
    subsidised = {"subsidy_until": date(2026, 12, 31)}

    assert "check_over_full_time" in asked(facts, placement("ww", "2026-10-01", "2026-12-31", "40"))
    assert "check_subsidy" in asked(dossier(), placement("ww", "2026-10-01", "2026-12-31", **subsidised))
    assert asked(facts, placement("participatiewet", "2026-10-01", "2026-12-31", **subsidised)) == set()


def test_questions_about_bonuses() -> None:
    claimed = placement("ww", "2026-10-01", "2026-12-31", bonuses=("bonus-50plus", "bonus-permanent"))

    assert asked(dossier(), claimed) == {"check_age", "check_bonus"}


def test_questions_about_the_person() -> None:
    facts = dossier(contributions=[placement("ww", "2025-01-01", "2025-12-31", reference="P1")])
    again = placement("ww", "2025-12-31", "2026-01-31", reference="P2")

    assert "check_same_person" in asked(facts, again, frozenset({"P1"}))
    assert asked(facts, again) == set()
    assert asked(facts, placement("ww", "2026-01-01", "2026-01-31", reference="P2"), frozenset({"P1"})) == set()
    rejected = replace(facts, placements=(replace(facts.placements[0], status=Status.REJECTED),))
    assert asked(rejected, again, frozenset({"P1"})) == set()


def test_questions_about_the_contract() -> None:
    bought = activity("social-purchase", "2026-02-10", "60000")
    exempt = dossier(certificates=[certificate("2", "2025-01-01", "2026-12-31")])

    assert asked(dossier(), bought) == {"check_surplus", "check_no_description"}
    assert asked(exempt, bought) == {"check_nothing_owed", "check_no_description"}
    assert asked(dossier(), activity("mobility", "2026-02-10", "60")) == {"check_agreed", "check_no_description"}


def test_questions_name_blocks_as_readers_know_them() -> None:
    claimed = placement("ww", "2026-10-01", "2026-12-31", bonuses=("bonus-permanent",))
    (question,) = preview(dossier(), claimed, Facts(ON, NOBODY)).findings

    assert question.named({"bonus-permanent": "Bonus vast"}).values == {"block": "Bonus vast"}
