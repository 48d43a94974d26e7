"""The statement of one contract: its facts (`dossier.json`) and what the rule book makes of them (`assessment.json`).

The agreed plan of approach, if there was one, is drawn beside what was done (`plan.json`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.rules import Assessment, Dossier, assess, course
from app.rules.assessment import Standing
from app.rules.assessment_json import assessment_to_json
from app.rules.dossier_json import canonical, dossier_from_json
from app.rules.plan import Effort, plan_course
from app.statements import wording
from app.statements.contents import Contents
from app.statements.final import Final
from app.statements.paper import INK, Documents, Imprint, Paper, read_canonical
from app.statements.planned import PLAN, read_plan
from app.statements.sums import kept_together, told
from app.statements.table import CONTRIBUTIONS, contributions_csv
from app.web.charts import Size
from app.web.drawings import course_of_contract, coverage_lines, coverage_of
from app.web.errors import Invalid
from app.web.words import word

DOSSIER, ASSESSMENT = "dossier.json", "assessment.json"
STATE_COLOURS = {
    Standing.FULFILLED: "#1b6b3f",
    Standing.ON_TRACK: "#1b6b3f",
    Standing.BEHIND: "#7a4a00",
    Standing.SHORTFALL: "#9c2418",
    Standing.EXEMPT: "#3a4a8c",
}
CHART = Size(640, 170)
SUMS = ("gross_cents", "exempted_cents", "net_cents", "due_cents", "remaining_cents", "over_cap_cents", "status")
SETTLED = ("remaining_cents", "status")
"""What a final statement leaves out: its settlement says it, and nothing is to be done any more."""


@dataclass(frozen=True, slots=True)
class ContractPaper(Paper):
    """What the documents of a contract's statement mean.

    `planned` are the efforts of the plan, if one was agreed; `final` is how the contract was settled, on a final one.
    """

    dossier: Dossier
    assessment: Assessment
    planned: tuple[Effort, ...] = ()
    final: Final | None = None

    NEEDED: ClassVar[tuple[str, ...]] = (DOSSIER, ASSESSMENT)
    OPTIONAL: ClassVar[tuple[str, ...]] = (PLAN,)
    TEMPLATE: ClassVar[str] = "pdf/contract.html"
    TITLE: ClassVar[Any] = _l("Social return statement %(number)s")

    @classmethod
    def read(cls, imprint: Imprint, documents: Documents) -> Self:
        return cls(
            imprint, documents, *reckoned(documents[DOSSIER], documents[ASSESSMENT], imprint), plan_of(documents)
        )

    @property
    def about(self) -> str:
        return str(_("contract %(number)s", number=self.dossier.terms.number))

    @property
    def kvk(self) -> str:
        return self.dossier.parties.corporation

    @property
    def corporation_name(self) -> str:
        return self.dossier.parties.corporation_name or self.dossier.parties.corporation

    @property
    def ink(self) -> str:
        return STATE_COLOURS.get(self.assessment.status, INK)

    @property
    def verdict(self) -> str:
        return wording.verdict(self.dossier, self.assessment)

    def values(self) -> Mapping[str, Any]:
        dossier, figures = self.dossier, self.assessment
        steps, planned = figures.explanation, plan_course(dossier, self.planned) if self.planned else []
        reductions = [step for step in steps["exempted_cents"] if step.rule == "part.reduction"]
        return {
            "contents": Contents(dossier, figures),
            "wording": wording,
            "word": word,
            "course": course_of_contract(course(dossier), figures, CHART, planned) if figures.parts else None,
            "bar": coverage_of(figures, CHART.width),
            "coverage_words": "; ".join(coverage_lines(figures)),
            "course_words": wording.course_words(figures, planned),
            "policy_name": wording.policy_name(dossier.policy),
            "gross_steps": [step for step in steps["gross_cents"] if step.rule == "part.gross"],
            "reduction_steps": reductions,
            "lapsed_days": wording.lapsed_days(reductions),
            "sums": list(_sums(figures, self.final)),
            "kept_together": kept_together,
            "why_none": "" if figures.parts else "; ".join(map(told, steps["gross_cents"])),
        }

    def contents(self) -> Mapping[str, tuple[str, str]]:
        return {
            DOSSIER: (_("the recorded facts"), "Source"),
            ASSESSMENT: (_("the figures, with every step"), "Data"),
            PLAN: (_("the plan of approach that was agreed"), "Source"),
            CONTRIBUTIONS: (_("the contributions as a table"), "Data"),
        }

    def derived(self) -> Documents:
        return {CONTRIBUTIONS: contributions_csv(self.dossier, self.assessment)}


def reckoned(dossier_json: bytes, assessment_json: bytes, imprint: Imprint) -> tuple[Dossier, Assessment]:
    """Facts and figures of a contract, when the figures follow from the facts as of the imprint's day.

    Errors: `Invalid` when they don't; RuleError for facts that are none.
    """
    dossier = dossier_from_json(read_canonical(dossier_json, DOSSIER))
    assessment = assess(dossier, imprint.on)
    if canonical(assessment_to_json(assessment)) != assessment_json:
        raise Invalid("statement_figures_differ", figures=_differing(assessment, assessment_json))
    return dossier, assessment


def plan_of(documents: Documents) -> tuple[Effort, ...]:
    """The efforts of the agreed plan; none without one. Errors: `Invalid`."""
    return read_plan(read_canonical(documents[PLAN], PLAN)) if PLAN in documents else ()


def _differing(assessment: Assessment, assessment_json: bytes) -> str:
    """The keys of the assessment that reckoning again gives another value, for a message."""
    reckoned, found = assessment_to_json(assessment), read_canonical(assessment_json, ASSESSMENT)
    if not isinstance(found, dict):
        return ASSESSMENT
    return ", ".join(sorted(key for key in reckoned.keys() | found if reckoned.get(key) != found.get(key)))


def _sums(figures: Assessment, final: Final | None) -> Iterator[tuple[str, list[str]]]:
    """The sums that page 2 shows: all of a figure's steps but those that a table shows already, in words."""
    for figure in SUMS:
        steps = [step for step in figures.explanation[figure] if step.rule not in ("part.reduction", "cap.none")]
        parts = [step for step in steps if step.rule.startswith("part.")]
        shown = [step for step in steps if step.rule != "sum" or len(parts) > 1]
        is_said = (final is not None and figure in SETTLED) or (not figures.parts and figure != "gross_cents")
        if shown and not is_said:
            yield str(wording.FIGURES[figure]), list(map(told, shown))
        if figure == "due_cents" and figures.status is Standing.BEHIND:
            yield str(wording.FIGURES["behind_cents"]), [wording.behind(figures)]
        if figure == "remaining_cents" and figures.surplus_cents and figures.parts:
            yield str(wording.FIGURES["surplus_cents"]), [wording.surplus(figures)]
        if figure == "remaining_cents" and figures.to_be_credited_cents and figures.parts:
            yield str(wording.FIGURES["forecast_cents"]), [wording.forecast(figures)]
    if final is not None:
        yield str(wording.FIGURES["closing"]), list(map(told, final.outcome.steps))
