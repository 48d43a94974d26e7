"""What a form shows before it is saved, beside what the assessment says after it: the same figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from app.assessments.queries import assessment_of
from app.contracts.models import Contract
from app.extensions import db
from app.web.formats import euro
from app.web.words import STANDINGS

FIGURES = ("net_cents", "exempted_cents", "due_cents", "credited_cents", "forecast_cents", "remaining_cents")
CONTRACT = re.compile(r"<h3>(\S+(?: a)?) .*?</h3>(.*?)</table>", re.DOTALL)
CELL = re.compile(r'<td class="amount[^"]*">(.*?)</td>', re.DOTALL)
PENALTY = re.compile(r'<tr><th scope="row">Penalty.*?</tr>', re.DOTALL)
MARK = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of one contract as a form shows them; `before` is empty when the contract is new."""

    before: list[str]
    then: list[str]


def shown_in(page: str) -> dict[str, Shown]:
    """The effects on a page, by the number of the contract, without the penalty after a shortfall."""
    found = {}
    for number, table in CONTRACT.findall(page):
        cells = [" ".join(unescape(MARK.sub("", cell)).split()) for cell in CELL.findall(PENALTY.sub("", table))]
        each = len(cells) // (len(FIGURES) + 1)
        found[unescape(number)] = Shown(cells[::2] if each == 2 else [], cells[1::2] if each == 2 else cells)
    return found


def preview(client: FlaskClient, address: str, typed: Mapping[str, str]) -> dict[str, Shown]:
    """What the live preview of a form shows of each contract."""
    answer = client.post(address, data=dict(typed), headers={"X-Requested-With": "preview"})
    assert answer.status_code == 200, answer.status
    return shown_in(answer.text)


def figures_of(app: Flask, number: str, on: date) -> list[str]:
    """The same figures as the assessment gives them, in English."""
    with app.test_request_context(), force_locale("en"):
        contract = db.session.scalars(select(Contract).where(Contract.number == number)).one()
        figures = assessment_of(contract, on)
        amounts = [" ".join(euro(getattr(figures, name)).split()) for name in FIGURES]
        return [*amounts, str(STANDINGS[figures.status].word)]
