"""How certificates stand on a day: whether each counts, when it ends, what a company holds and what lies between."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from app.rules import ladder
from app.rules.dates import ONE_DAY, Period, add_months
from app.rules.faults import CERTIFICATE_MONTHS
from app.rules.ladder import Ladder, Level, Stretch
from app.suppliers.models import Certificate
from app.web.errors import Invalid

ASPIRANT_PERIODS = 2
"""Aspirant may be extended once."""
DAYS_AHEAD = (7, 30, 90)
"""A certificate that ends within so many days asks for its renewal, the sooner the louder."""
SOON = timedelta(days=DAYS_AHEAD[-1])


class Validity(StrEnum):
    """What holds of a certificate on a day, the first of these that does."""

    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    NOT_CHECKED = "not_checked"
    TO_COME = "to_come"
    ENDS_SOON = "ends_soon"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Held:
    """The certificate that a company holds on a day, and the last day on which it holds that level without a gap."""

    certificate: ladder.Certificate
    until: date


class _EveryLevel:
    """As if every level took all away: of what is held on a day the highest level holds."""

    grace_days = 0

    def reduction(self, _level: Level, *, thirty_plus: bool) -> Fraction:  # noqa: ARG002
        return Fraction(1)


def facts_of(row: Certificate) -> ladder.Certificate:
    """A certificate as the rule book knows it."""
    return ladder.Certificate(
        number=row.number,
        level=row.level,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        kvk=row.kvk_numbers,
        thirty_plus=row.thirty_plus,
        withdrawn_on=row.withdrawn_on,
        checked_on=row.checked_on,
    )


def latest_end(valid_from: date) -> date:
    """The last day of the longest certificate: two years minus a day."""
    return add_months(valid_from, CERTIFICATE_MONTHS) - ONE_DAY


def validity_of(certificate: ladder.Certificate | Certificate, on: date) -> Validity:
    if certificate.withdrawn_on is not None and certificate.withdrawn_on <= on:
        return Validity.WITHDRAWN
    if certificate.valid_until < on:
        return Validity.ENDED
    if certificate.checked_on is None:
        return Validity.NOT_CHECKED
    if certificate.valid_from > on:
        return Validity.TO_COME
    return Validity.ENDS_SOON if certificate.valid_until <= on + SOON else Validity.VALID


def days_left(certificate: ladder.Certificate | Certificate, on: date) -> int:
    """How many days after `on` its last day is."""
    return (certificate.valid_until - on).days


def coverage_of_company(certificates: Iterable[ladder.Certificate], kvk: str, days: Period) -> Sequence[Stretch]:
    """What a company holds over these days: the highest level of its checked certificates on each.

    One stretch for each level, by the first certificate that gives it, however many follow each other.
    """
    made: list[Stretch] = []
    for each in Ladder.of(certificates, kvk, _EveryLevel()).coverage(days):
        if made and _level_of(made[-1]) == _level_of(each):
            made[-1] = replace(made[-1], days=Period(made[-1].days.first, each.days.last))
        else:
            made.append(each)
    return made


def held_on(certificates: Sequence[ladder.Certificate], kvk: str, on: date) -> Held | None:
    """What a company holds on a day; None when it holds nothing that counts."""
    last = max([on, *(each.valid_until for each in certificates)])
    first, *later = coverage_of_company(certificates, kvk, Period(on, last))
    if first.certificate is None:
        return None
    until = first.days.last
    for stretch in later:
        if stretch.certificate is None or stretch.certificate.rank < first.certificate.rank:
            break
        until = stretch.days.last
    return Held(first.certificate, until)


def _level_of(stretch: Stretch) -> tuple[Level, bool] | None:
    held = stretch.certificate
    return (held.level, held.thirty_plus) if held else None


def gaps_before(certificate: ladder.Certificate, others: Iterable[ladder.Certificate]) -> Iterator[tuple[str, Period]]:
    """Of each company that it covers: the days between the end of what it held last and this certificate."""
    counting = [each for each in others if each.checked_on and each.held]
    for kvk in certificate.kvk:
        before = [each.held for each in counting if kvk in each.kvk and each.valid_from < certificate.valid_from]
        last = max((held.last for held in before if held), default=None)
        if last is not None and last + ONE_DAY < certificate.valid_from:
            yield kvk, Period(last + ONE_DAY, certificate.valid_from - ONE_DAY)


def aspirant_again(
    certificate: ladder.Certificate, others: Iterable[tuple[Level, date, Collection[str]]]
) -> Iterator[Invalid]:
    """What to look at, though it is no fault: a third period as aspirant of a company, or a later one.

    `others` are the level, the first day and the companies of what is known beside it.
    """
    if certificate.level is not Level.ASPIRANT:
        return
    known = [(first, kvk) for level, first, kvk in others if level is Level.ASPIRANT and first < certificate.valid_from]
    for kvk in certificate.kvk:
        earlier = {first for first, covered in known if kvk in covered}
        if len(earlier) >= ASPIRANT_PERIODS:
            yield Invalid("aspirant_again", kvk=kvk, number=len(earlier) + 1)
