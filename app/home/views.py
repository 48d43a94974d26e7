"""A supplier's own place: what is still owed over all corporations, what waits, and its PSO certificates."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask_babel import ngettext

from app.accounts import sessions
from app.accounts.permissions import Permission, requires
from app.editing.answer import Editing, Effects, Page, answer
from app.home import queries, service
from app.home.waiting import SHOWN, waiting_for
from app.suppliers.forms import PaperForm
from app.suppliers.models import Certificate
from app.web.clock import today

bp = Blueprint("home", __name__)


@bp.get("/home")
@requires(Permission.ENTER_CONTRIBUTIONS)
def index() -> str:
    on = today()
    cards = queries.cards_of(sessions.me(), on)
    return render_template(
        "home/index.html", on=on, cards=cards, waiting=waiting_for(cards, on) if cards else None, most=SHOWN
    )


@bp.get("/home/report")
@requires(Permission.ENTER_CONTRIBUTIONS)
def report() -> str:
    """Where somebody says what was done: on which contract, and whether it is a person or something else."""
    on = today()
    return render_template("home/report.html", on=on, cards=queries.cards_of(sessions.me(), on))


@bp.get("/home/certificates")
@requires(Permission.ENTER_CONTRIBUTIONS)
def certificates() -> str:
    me = sessions.me()
    return render_template(
        "home/certificates.html",
        on=today(),
        certificates=queries.certificates_of(me),
        companies=queries.companies_of(me),
    )


@bp.route("/home/certificates/new", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def hand_in() -> Page:
    """The scope begins with the companies for which who asks reports."""
    companies = queries.companies_of(sessions.me())
    form = PaperForm(data={"kvk": "\n".join(sorted({each.supplier.kvk for each in companies}))})

    def save() -> list[Certificate]:
        return service.hand_in(form.seen_certificate, by=sessions.me())

    return answer(Editing(form, save, _handed_in, partial(_hand_in_page, form)))


def _handed_in(made: list[Certificate]) -> str:
    """Then the paper itself is asked for: a file that stood in the same form would be lost whenever it is refused."""
    flash(
        ngettext(
            "Certificate %(number)s is handed in. It counts once somebody of the corporation has found it in the"
            " public register.",
            "Certificate %(number)s is handed in with %(num)s corporations. With each it counts once somebody there"
            " has found it in the public register.",
            len(made),
            number=made[0].number,
        ),
        "success",
    )
    return url_for("evidence.new_for_certificate", certificate_id=made[0].id)


def _hand_in_page(form: PaperForm, effects: Effects) -> str:
    return render_template(
        "home/hand_in.html", form=form, effects=effects, moves_figures=False, cancel=url_for("home.certificates")
    )
