"""The auditor's place: what statements rest on, two of them compared, the audit log and its chain. samples.py has more.

Nothing here changes anything but samples and findings, which are the auditor's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from time import perf_counter
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.limits import limited_heavy
from app.accounts.models import Corporation
from app.accounts.permissions import Permission, requires
from app.accounts.queries import corporation_where, corporations_open_to
from app.auditing import log
from app.auditing.behind import rows_of
from app.auditing.checking import check
from app.auditing.comparison import comparison_of, frozen, others_of, previous_of
from app.auditing.overview import audited_by
from app.auditing.queries import OFFER, progress_of, samples_of
from app.auditing.words import FAULTS, STATES
from app.history.then import FIGURES
from app.statements.models import Statement
from app.statements.queries import statement_seen_by
from app.web.csv_file import csv_answer
from app.web.errors import NotFound
from app.web.listing import Choice, a_number
from app.web.reasons import labels_of, sentences_of

bp = Blueprint("auditing", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(FINDINGS=STATES))


@bp.get("/auditing")
@requires(Permission.SAMPLE)
def home() -> str:
    me = sessions.me()
    listing = samples_of(me, OFFER.choice(request.args))
    return render_template(
        "auditing/home.html", audited=audited_by(me), listing=listing, progress=progress_of(listing.rows)
    )


@bp.get("/auditing/statement/<int:statement_id>")
@requires(Permission.SEE_AUDIT)
def statement(statement_id: int) -> str:
    """What a statement rests on."""
    me = sessions.me()
    shown = frozen(_statement(statement_id))
    labels = labels_of(shown.dossier.rate_table)
    return render_template(
        "auditing/statement.html",
        statement=shown.statement,
        dossier=shown.dossier,
        figures=shown.assessment,
        rows=rows_of(shown),
        labels=labels,
        explain=partial(sentences_of, labels=labels),
        shown_figures=FIGURES,
        previous=previous_of(shown.statement, others_of(me, shown.statement)),
    )


@bp.get("/auditing/statement/<int:statement_id>/compare")
@requires(Permission.SEE_AUDIT)
def compare(statement_id: int) -> str:
    """Beside another statement of its contract: `?with=`, or else the one before it. Errors: NotFound."""
    this = _statement(statement_id)
    others = others_of(sessions.me(), this)
    asked = request.args.get("with", "")
    other = _among(others, asked) if asked else previous_of(this, others)
    found = comparison_of(this, other) if other else None
    return render_template(
        "auditing/compare.html",
        statement=this,
        others=others,
        other=other,
        comparison=found,
        explain_before=found and partial(sentences_of, labels=labels_of(found.before.dossier.rate_table)),
        explain_after=found and partial(sentences_of, labels=labels_of(found.after.dossier.rate_table)),
    )


@bp.get("/auditing/log")
@requires(Permission.SEE_AUDIT)
def show_log() -> str:
    corporation, corporations, choice = _log_asked()
    return render_template(
        "auditing/log.html",
        corporation=corporation,
        listing=log.log_of(corporation, choice),
        corporations=[(each.kvk, each.name) for each in corporations],
    )


@bp.get("/auditing/log.csv")
@requires(Permission.SEE_AUDIT)
@limited_heavy
def log_file() -> Response:
    """All that the filters find, while it is read."""
    corporation, _others, choice = _log_asked()
    head = [
        _("Record"),
        _("Instant (UTC)"),
        _("Who"),
        _("Action"),
        _("What was done"),
        _("Before and after"),
        _("Hash"),
        _("Hash before it"),
    ]
    return csv_answer(f"audit-log-{corporation.kvk}", head, _cells(corporation, choice))


@bp.get("/auditing/chain/<house>")
@requires(Permission.SEE_AUDIT)
@limited_heavy
def chain(house: str) -> str:
    """Follow the whole chain, and say whether it holds."""
    corporation = corporation_where(sessions.me(), Permission.SEE_AUDIT, house)
    begun = perf_counter()
    found = check(corporation)
    return render_template(
        "auditing/chain.html",
        corporation=corporation,
        found=found,
        verdict=found.verdict,
        fault=FAULTS[found.verdict.fault] if found.verdict.fault else "",
        seconds=perf_counter() - begun,
    )


def _statement(statement_id: int) -> Statement:
    """Errors: NotFound, also when it is about no contract."""
    found = statement_seen_by(sessions.me(), statement_id, Permission.SEE_AUDIT)
    if found.contract_id is None:
        raise NotFound
    return found


def _among(others: Sequence[Statement], asked: str) -> Statement:
    found = [each for each in others if a_number(asked) and each.id == int(asked)]
    if not found:
        raise NotFound
    return found[0]


def _log_asked() -> tuple[Corporation, Sequence[Corporation], Choice]:
    """Whose log is asked for (the first of those that one may see, when it does not say), and what of it."""
    corporations, choice = corporations_open_to(sessions.me(), Permission.SEE_AUDIT), log.OFFER.choice(request.args)
    asked = next((each for each in corporations if each.kvk == choice["corporation"]), corporations[0])
    return asked, corporations, choice


def _cells(corporation: Corporation, choice: Choice) -> Iterator[Sequence[Any]]:
    for entry in log.whole_log(corporation, choice):
        cells = (entry.sequence, entry.at.strftime("%Y-%m-%d %H:%M:%S"), entry.who, entry.action, entry.did)
        yield (*cells, log.told_in_a_cell(entry), entry.hash, entry.previous_hash)
