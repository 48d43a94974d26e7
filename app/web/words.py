"""What the values of the field are called where people read them, on pages and on paper: states, levels, kinds.

Each state also has a shape and a tone, so that it is never told by its colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.rules.assessment import Standing
from app.rules.dossier import Base, Programme, Status
from app.rules.ladder import THIRTY_PLUS, Level, Stretch
from app.rules.tables import Block, Kind, Timing


@dataclass(frozen=True, slots=True)
class State:
    """A state as people see it; `shape` and `tone` are drawn by templates/components/badges.html."""

    word: Any
    shape: str
    tone: str


STANDINGS: Mapping[Standing, State] = {
    Standing.NOT_APPLICABLE: State(_l("Not applicable"), "dash", "grey"),
    Standing.NOT_STARTED: State(_l("Not started yet"), "ring", "grey"),
    Standing.EXEMPT: State(_l("Exempt"), "diamond", "indigo"),
    Standing.FULFILLED: State(_l("Fulfilled"), "tick", "green"),
    Standing.ON_TRACK: State(_l("On track"), "disc", "green"),
    Standing.BEHIND: State(_l("Behind"), "triangle", "amber"),
    Standing.SHORTFALL: State(_l("Shortfall"), "square", "red"),
}
CONTRIBUTIONS: Mapping[Status, State] = {
    Status.DRAFT: State(_l("Draft"), "dash", "grey"),
    Status.SUBMITTED: State(_l("Submitted"), "ring", "grey"),
    Status.APPROVED: State(_l("Approved"), "tick", "green"),
    Status.REJECTED: State(_l("Rejected"), "square", "red"),
    Status.WITHDRAWN: State(_l("Withdrawn"), "cross", "grey"),
}
LEVELS: Mapping[Level, Any] = {
    Level.ASPIRANT: _l("aspirant"),
    Level.BASIS: _l("entry level"),
    Level.ONE: _l("level 1"),
    Level.TWO: _l("level 2"),
    Level.THREE: _l("level 3"),
}
KINDS: Mapping[Kind, Any] = {
    Kind.MAINTENANCE: _l("Maintenance"),
    Kind.RENOVATION: _l("Renovation"),
    Kind.NEW_BUILD: _l("New build"),
    Kind.PAINTING: _l("Painting"),
    Kind.SERVICES: _l("Services"),
    Kind.SUPPLIES: _l("Supplies"),
}
PROGRAMMES: Mapping[Programme, Any] = {
    Programme.SHELTERED_WORK: _l("Sheltered work"),
    Programme.SOCIAL_ASSISTANCE: _l("Social assistance"),
    Programme.YOUTH: _l("Young people"),
    Programme.UWV: _l("UWV"),
    Programme.SERVICES: _l("Through services"),
    Programme.OTHER: _l("Other"),
}
BASES: Mapping[Base, Any] = {
    Base.CONTRACT_SUM: _l("contract sum"),
    Base.WAGE_SUM: _l("wage sum"),
    Base.TURNOVER: _l("turnover"),
}
TIMINGS: Mapping[Timing, Any] = {
    Timing.PRO_RATA: _l("pro rata by day"),
    Timing.AT_AWARD: _l("as it was at the award"),
    Timing.EVERY_DAY: _l("if held on every day"),
}
# By type: members of two enumerations with the same value ("services") are equal as texts.
WORDS: Mapping[type[StrEnum], Mapping[Any, Any]] = {
    Level: LEVELS,
    Kind: KINDS,
    Programme: PROGRAMMES,
    Base: BASES,
    Timing: TIMINGS,
}


def register(app: Flask) -> None:
    app.jinja_env.globals.update(STANDINGS=STANDINGS, CONTRIBUTIONS=CONTRIBUTIONS)
    app.add_template_filter(word, "word")
    app.add_template_filter(label, "label")
    app.add_template_filter(in_reader_language, "in_reader_language")


def word(value: StrEnum | None) -> str:
    """What a level, a kind, a programme, a base or a timing is called; nothing for None."""
    return "" if value is None else str(WORDS[type(value)][value])


def label(block: Block) -> str:
    """What a rate table calls a block."""
    return in_reader_language(block.label)


def in_reader_language(texts: Mapping[str, str]) -> str:
    """The text of a rate table or policy in the reader's language; in Dutch when it has no other."""
    locale = get_locale()
    found = texts.get(locale.language if locale else "nl") or texts.get("nl")
    return found or next(iter(texts.values()), "")


def coverage_word(stretch: Stretch) -> str:
    """What holds on a stretch of the coverage: "PSO level 2", "level 1, 25%", "no certificate"."""
    if stretch.grace:
        return str(_("bridged"))
    if stretch.certificate is None:
        return str(_("no certificate"))
    mark = f" {THIRTY_PLUS}" if stretch.certificate.thirty_plus else ""
    return word(stretch.certificate.level) + mark
