"""The portfolio, the first page of everybody, and the yearly programme."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, may_open, requires, requires_login
from app.accounts.queries import corporation_where, corporations_open_to
from app.portfolio import queries
from app.portfolio.attention import DAYS_AHEAD, attention_to
from app.portfolio.programme import programme_of
from app.portfolio.queries import OFFER, listing_of
from app.portfolio.totals import course_of_all, plans_of_all, totals_of
from app.statements.queries import has_contracts_in, reports_of
from app.web.as_of import as_of
from app.web.clock import today
from app.web.errors import NotFound
from app.web.parsing import YEARS

bp = Blueprint("portfolio", __name__)
programme_bp = Blueprint("programme", __name__)

# The first page of somebody is the first of these that they may open.
FIRST_PAGES = (
    "auditing.home",
    "portfolio.index",
    "home.index",
    "contributions.to_judge",
    "contracts.index",
    "statements.index",
    "accounts.account",
)


@bp.get("/")
@requires_login
def first_page() -> Response:
    return redirect(url_for(next(page for page in FIRST_PAGES if may_open(page))))


@bp.get("/portfolio")
@requires(Permission.SEE_PORTFOLIO)
def index() -> str:
    on, me = as_of(), sessions.me()
    rows = queries.rows_of(me, on, Permission.SEE_PORTFOLIO)
    course = course_of_all(rows, on) if rows else []
    return render_template(
        "portfolio/index.html",
        on=on,
        totals=totals_of(rows),
        attention=attention_to(rows, on),
        days_ahead=DAYS_AHEAD,
        waiting=queries.waiting_on(row.contract for row in rows),
        course=course,
        planned=plans_of_all(rows, course),
        listing=listing_of(rows, OFFER.choice(request.args)),
        several=len({row.contract.corporation_id for row in rows}) > 1,
    )


@programme_bp.get("/programme")
@requires(Permission.SEE_PROGRAMME)
def now() -> Response:
    """The programme of this year, of the first corporation of which one may see it."""
    corporations = corporations_open_to(current_user, Permission.SEE_PROGRAMME)
    return redirect(url_for("programme.show", kvk=corporations[0].kvk, year=today().year))


@programme_bp.get("/programme/<kvk>/<int:year>")
@requires(Permission.SEE_PROGRAMME)
def show(kvk: str, year: int) -> str:
    corporation = corporation_where(current_user, Permission.SEE_PROGRAMME, kvk)
    if year not in YEARS:
        raise NotFound
    return render_template(
        "programme/show.html",
        corporation=corporation,
        corporations=corporations_open_to(current_user, Permission.SEE_PROGRAMME),
        report=programme_of(corporation, year),
        reports=reports_of(sessions.me(), corporation, year),
        has_contracts=year <= today().year and has_contracts_in(corporation, year),
    )
