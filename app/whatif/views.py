"""The calculator of a contract: what would become of it with efforts and a PSO level that are only thought of."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.permissions import Permission, may, requires
from app.assessments.queries import dossier_of
from app.contracts.models import Contract
from app.contributions import service
from app.contributions.queries import contract_to_enter, last_used_persons
from app.contributions.words import CHECKED_BY, SEVERITIES
from app.rules import Dossier, RuleError
from app.web.clock import today
from app.web.errors import REFUSED, DomainError, NotFound, status_of
from app.web.reasons import labels_of, sentences_of
from app.web.sentences import sentence
from app.whatif import queries
from app.whatif.drafts import DraftsForm
from app.whatif.form import WhatIfForm, query_of
from app.whatif.scenario import Effort, Outcome, Scenario, outcome_of
from app.whatif.words import effort_in_words, efforts_in_words

bp = Blueprint("whatif", __name__)
Page = Response | str | tuple[str, int]


@bp.app_template_global()
def what_if_address(contract: Contract, efforts: tuple[Effort, ...] = ()) -> str:
    """The address of the calculator, filled with these efforts."""
    return _address("whatif.show", contract.id, Scenario(efforts))


bp.add_app_template_global(effort_in_words)
bp.add_app_template_global(efforts_in_words)


@bp.get("/contract/<int:contract_id>/what-if")
@requires(Permission.SEE_CONTRACTS)
def show(contract_id: int) -> Page:
    """The form with what becomes of it; for the page's script the latter alone."""
    contract = queries.contract_thought_of(sessions.me(), contract_id)
    dossier = dossier_of(contract)
    form = WhatIfForm(dossier, request.args, today())
    is_right = form.validate()
    values = _shown(contract, dossier, form)
    if request.headers.get("X-Requested-With") == "preview":
        unclear = [problem for problem in form.problems() if not problem.is_empty]
        return render_template("whatif/outcome.html", unclear=unclear, **values)
    page = render_template("whatif/show.html", **values)
    return page if is_right else (page, REFUSED)


@bp.route("/contract/<int:contract_id>/what-if/drafts", methods=["GET", "POST"])
@requires(Permission.ENTER_CONTRIBUTIONS)
def drafts(contract_id: int) -> Page:
    """Asks who the people are, and makes a draft of each effort. The address says which, as the calculator's."""
    contract = contract_to_enter(contract_id, sessions.me())
    dossier = dossier_of(contract)
    asked = WhatIfForm(dossier, request.args, today())
    if not asked.validate() or not asked.scenario.efforts:
        return redirect(_address("whatif.show", contract_id, asked.scenario))
    form = DraftsForm(asked.scenario)
    page = partial(_drafts_page, contract, dossier, asked.scenario, form)
    if request.method == "GET":
        return page()
    if not form.validate():
        return page(), REFUSED
    try:
        made = service.save_drafts(contract_id, list(form.entered()), by=sessions.me(), key=form.form_key)
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        form.show(error)
        return page(), status_of(error)
    flash(
        ngettext(
            "One draft is made. Nobody judges it until you submit it.",
            "%(num)s drafts are made. Nobody judges them until you submit them.",
            len(made),
        ),
        "success",
    )
    return redirect(url_for("several.drafts", contract_id=contract_id, only=[each.id for each in made]))


def _shown(contract: Contract, dossier: Dossier, form: WhatIfForm) -> dict[str, Any]:
    scope = {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
    labels = labels_of(dossier.rate_table)
    here = current_app.config["WEDERDIENST"].public_url.rstrip("/")
    return {
        "contract": contract,
        "dossier": dossier,
        "form": form,
        "outcome": _outcome(dossier, form),
        "explain": partial(sentences_of, labels=labels),
        "labels": labels,
        "sentence": sentence,
        "severities": SEVERITIES,
        "rules": CHECKED_BY,
        "link": here + _address("whatif.show", contract.id, form.scenario),
        "to_drafts": _address("whatif.drafts", contract.id, form.scenario),
        "enters": may(sessions.me(), Permission.ENTER_CONTRIBUTIONS, **scope),
    }


def _outcome(dossier: Dossier, form: WhatIfForm) -> Outcome | None:
    """None as long as nothing stands in the form, or something that is not clear."""
    return outcome_of(dossier, form.scenario, today(), _("new")) if form.scenario else None


def _drafts_page(contract: Contract, dossier: Dossier, scenario: Scenario, form: DraftsForm) -> str:
    return render_template(
        "whatif/drafts.html",
        contract=contract,
        dossier=dossier,
        scenario=scenario,
        form=form,
        persons=last_used_persons(contract, sessions.me()),
        back=_address("whatif.show", contract.id, scenario),
    )


def _address(endpoint: str, contract_id: int, scenario: Scenario) -> str:
    address, asked = url_for(endpoint, contract_id=contract_id), urlencode(query_of(scenario))
    return f"{address}?{asked}" if asked else address
