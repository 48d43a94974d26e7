"""The form that copies a version of a policy to a new one, with all its numbers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app.rules import tables as rules
from app.rules.ladder import LEVELS, THIRTY_PLUS
from app.rules.tables import LONGEST_NAME, Kind, parse_policy
from app.schemes.copy_form import CopyForm, Edit, write_changes
from app.schemes.copying import as_euro, as_number, as_text, closed, opened, put
from app.schemes.typed import (
    euro_field,
    percent_field,
    shown_number,
    shown_percent,
    text_field,
    times,
    whole_field,
)
from app.web.fields import SelectField, Typed, choices_of
from app.web.formats import euro_typed
from app.web.words import KINDS, TIMINGS, word

MOST_MONTHS, MOST_DAYS = 1200, 3660
APPLIES, EXEMPTION, SETTLEMENT = "applies", "exemption", "settlement"
LEVEL_FIELDS = {level: f"level_{level}" for level in LEVELS}


def _levels() -> list[SelectChoice]:
    return choices_of({each: word(each) for each in LEVELS}, _l("none"))


class PolicyCopyForm(CopyForm):
    """A new version of a policy. What is left empty is not in it."""

    EDITS = {
        "code": Edit(("id",), as_text),
        "name_nl": Edit(("name", "nl"), as_text),
        "name_en": Edit(("name", "en"), as_text),
        "minimum_sum": Edit((APPLIES, "minimum_sum"), as_euro),
        **{kind.value: Edit((APPLIES, "minimum_sum_by_kind", kind.value), as_euro) for kind in Kind},
        "minimum_months": Edit((APPLIES, "minimum_months"), as_number),
        "maximum_obligation": Edit((APPLIES, "maximum_obligation"), as_euro),
        **{name: Edit((EXEMPTION, "reduction", level.value), as_number) for level, name in LEVEL_FIELDS.items()},
        "thirty_plus": Edit((EXEMPTION, "reduction", THIRTY_PLUS), as_number),
        "timing": Edit((EXEMPTION, "timing"), as_text),
        "grace_days": Edit((EXEMPTION, "grace_days"), as_number),
        "required_level": Edit((EXEMPTION, "required_level"), as_text),
        "penalty_factor": Edit((SETTLEMENT, "penalty_factor"), as_number),
        "repair_days": Edit((SETTLEMENT, "repair_days"), as_number),
    }
    FIELDS = {"id": "code", THIRTY_PLUS: "thirty_plus", **{level.value: name for level, name in LEVEL_FIELDS.items()}}

    name_nl = text_field(_l("Name in Dutch"), LONGEST_NAME)
    name_en = text_field(_l("Name in English"), LONGEST_NAME)

    minimum_sum = euro_field(_l("From which contract sum"), description=_l("In euro. Empty: whatever the sum."))
    maintenance = euro_field(KINDS[Kind.MAINTENANCE])
    renovation = euro_field(KINDS[Kind.RENOVATION])
    new_build = euro_field(KINDS[Kind.NEW_BUILD])
    painting = euro_field(KINDS[Kind.PAINTING])
    services = euro_field(KINDS[Kind.SERVICES])
    supplies = euro_field(KINDS[Kind.SUPPLIES])
    minimum_months = whole_field(_l("From a term of so many months"), most=MOST_MONTHS)
    maximum_obligation = euro_field(_l("Gross obligation of a contract at most"), description=_l("In euro."))

    level_aspirant = percent_field(_l("PSO aspirant"))
    level_basis = percent_field(_l("PSO entry level"))
    level_1 = percent_field(_l("PSO level 1"))
    level_2 = percent_field(_l("PSO level 2"))
    level_3 = percent_field(_l("PSO level 3"))
    thirty_plus = percent_field(_l("PSO 30+"))
    timing = SelectField(_l("When it counts"), needed=True, choices=lambda: choices_of(TIMINGS))
    grace_days = whole_field(
        _l("Days of grace"), most=MOST_DAYS, description=_l("A gap between two certificates that is bridged.")
    )
    required_level = SelectField(_l("Entry condition: PSO"), choices=_levels)

    penalty_factor = Typed(
        _l("Penalty"), times, description=_l("So many times what is short. Empty: nothing is laid down.")
    )
    repair_days = whole_field(
        _l("Days to repair"), most=MOST_DAYS, description=_l("After the term, before the penalty falls due.")
    )

    @staticmethod
    def says(parsed: rules.Policy) -> dict[str, str]:
        settlement = parsed.settlement
        return {
            "code": parsed.id,
            "name_nl": parsed.name["nl"],
            "name_en": parsed.name["en"],
            "minimum_sum": euro_typed(parsed.minimum_sum_cents or None),
            **{kind.value: euro_typed(parsed.minimum_sum_cents_by_kind.get(kind)) for kind in Kind},
            "minimum_months": shown_number(parsed.minimum_months or None),
            "maximum_obligation": euro_typed(parsed.maximum_obligation_cents),
            **{name: shown_percent(parsed.reductions.get(level)) for level, name in LEVEL_FIELDS.items()},
            "thirty_plus": shown_percent(parsed.thirty_plus_reduction or None),
            "timing": parsed.timing.value,
            "grace_days": shown_number(parsed.grace_days or None),
            "required_level": parsed.required_level.value if parsed.required_level else "",
            "penalty_factor": shown_number(settlement.penalty_factor if settlement else None),
            "repair_days": shown_number(settlement.repair_days if settlement else None),
        }

    @property
    def kinds(self) -> list[Any]:
        """The fields of the thresholds by kind."""
        return [self[kind.value] for kind in Kind]

    @property
    def steps(self) -> list[Any]:
        """The fields of what each certificate exempts."""
        return [*(self[name] for name in LEVEL_FIELDS.values()), self.thirty_plus]

    def make(self) -> tuple[str, rules.Policy]:
        document = opened(self.copied.content)
        write_changes(self, document)
        if self.penalty_factor.is_empty and self.repair_days.is_empty:
            put(document, (SETTLEMENT,), None)
        text = closed(document, self.note)
        return text, parse_policy(text)
