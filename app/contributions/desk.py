"""What the pages of contributions work with.

Where something is entered, what it is worth in words, and what somebody may do with a version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.contracts.models import Contract
from app.contributions import queries, service
from app.contributions.entries import Entry
from app.contributions.forms import ActivityForm, PlacementForm
from app.contributions.models import Contribution, ContributionKind
from app.contributions.preview import Preview, preview
from app.rules import Dossier, RuleError
from app.rules.checks import Facts
from app.rules.dossier import WAITING, Placement, Status
from app.rules.explanation import Step
from app.web.reasons import Sentence, labels_of, sentences_of
from app.web.sentences import sentence

EntryForms = PlacementForm | ActivityForm
FORMS: Mapping[ContributionKind, type[EntryForms]] = {
    ContributionKind.PLACEMENT: PlacementForm,
    ContributionKind.ACTIVITY: ActivityForm,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where something is entered: a contract with its dossier, and the version that is corrected, if it is not new.

    `has_evidence` and `planned` are facts for the checks (app/rules/checks.py) that other features know.
    """

    contract: Contract
    dossier: Dossier
    kind: ContributionKind
    corrected: Contribution | None = None
    has_evidence: bool | None = None
    planned: Mapping[str, int] | None = None

    @property
    def form(self) -> type[EntryForms]:
        return FORMS[self.kind]

    def named(self, entered: Entry) -> Entry:
        """Under the reference that it has, or gets when it is entered now."""
        reference = self.corrected.reference if self.corrected else service.proposed_reference(self.contract, entered)
        return replace(entered, reference=reference)

    def reckon(self, entered: Entry, on: date, *, entered_on: date | None = None) -> Preview:
        """What it would be worth and what deserves a look; a placement's person is the supplier's reference.

        `entered_on` is the day on which it was entered, when it was. Errors: RuleError.
        """
        person = None
        if isinstance(entered, Placement):
            person = queries.person_known_as(self.contract.supplier_id, entered.person)
        facts = Facts(
            on=on,
            same_person=queries.references_of(person, self.contract),
            share_fault=self.share_fault(entered),
            has_evidence=self.has_evidence,
            entered_on=entered_on,
            planned=self.planned,
        )
        return preview(self.dossier, self.named(entered), facts)

    def share_fault(self, entered: Entry) -> RuleError | None:
        """The fault of the person's shares, were it submitted now."""
        if not isinstance(entered, Placement) or not entered.person:
            return None
        named = replace(entered, reference=self.named(entered).reference)
        return queries.share_fault(self.contract, named, (Status.APPROVED, Status.SUBMITTED))


def worth_in_words(desk: Desk, reckoned: Preview | None) -> dict[str, Any]:
    """What preview.html shows."""
    labels = labels_of(desk.dossier.rate_table)
    return {"preview": reckoned, "labels": labels, "sentences": why(reckoned, labels)}


def why(reckoned: Preview | None, labels: Mapping[str, str]) -> list[Sentence]:
    """The steps to what it is worth in the end, and their sum where there are several lines."""
    if reckoned is None:
        return []
    lines, steps = reckoned.at_end.lines, list(reckoned.at_end.steps)
    if len(lines) > 1:
        steps.append(Step("sum", {}, reckoned.at_end.value_cents))
    return sentences_of(steps, labels)


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do with a version now; `judge_refusal` says why not judge it, when it waits for that."""

    sees_persons: bool
    judges: bool
    judge_refusal: str | None
    corrects: bool
    copies: bool
    withdraws: bool


def rights_of(user: User, version: Contribution, versions: Sequence[Contribution]) -> Rights:
    """`versions` are all of the same contribution."""
    contract = version.contract
    enters = may(
        user, Permission.ENTER_CONTRIBUTIONS, corporation_id=contract.corporation_id, supplier_id=contract.supplier_id
    )
    judges, submitted = service.may_judge(user, contract), version.status is Status.SUBMITTED
    refusal = _judge_refusal(user, version, judges=judges) if submitted else None
    others = [each for each in versions if each is not version]
    other_waits = any(each.status in WAITING for each in others)
    # What was withdrawn can be submitted again, unless another version came in its place.
    is_replaced = version.status is Status.WITHDRAWN and any(each.version > version.version for each in others)
    return Rights(
        sees_persons=queries.sees_persons(user, contract),
        judges=submitted and refusal is None,
        judge_refusal=refusal,
        corrects=enters and not other_waits and not is_replaced,
        copies=enters,
        withdraws=enters and (version.status in WAITING or (judges and version.status is Status.APPROVED)),
    )


def _judge_refusal(user: User, version: Contribution, *, judges: bool) -> str | None:
    if not judges:
        return str(_("It waits until somebody of %(name)s judges it.", name=version.corporation.name))
    return sentence(service.OwnEntry()) if version.entered_by_id == user.id else None
