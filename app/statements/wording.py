"""The words of the paper: the verdict in one sentence, and the names of what the rule book codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.rules import Assessment, Dossier, Point
from app.rules.assessment import Closing, EntryCondition, Standing
from app.rules.dossier import Terms
from app.rules.explanation import Step
from app.rules.ladder import THIRTY_PLUS, Certificate, Level
from app.rules.money import CENTS_IN_EURO, WHOLE
from app.rules.obligation import AtRisk
from app.rules.tables import Block, Per, Policy, RateTable, Timing
from app.statements.final import Decided, Final
from app.statements.paper import Paper
from app.web.formats import day_long, day_short, euro, euro_whole, number, percent
from app.web.words import in_reader_language, word

WHOLE_EURO_FROM = 100 * CENTS_IN_EURO

VERDICTS: dict[Standing, Any] = {
    Standing.NOT_APPLICABLE: _l(
        "On %(day)s no social return obligation applies to %(supplier)s for contract %(contract)s."
    ),
    Standing.NOT_STARTED: _l(
        "The social return obligation of %(supplier)s for contract %(contract)s, net %(net)s, begins on %(start)s."
    ),
    Standing.EXEMPT: _l(
        "On %(day)s %(supplier)s is exempt from the social return obligation of contract %(contract)s."
    ),
    Standing.FULFILLED: _l(
        "On %(day)s %(supplier)s has fulfilled the social return obligation of contract %(contract)s."
    ),
    Standing.ON_TRACK: _l(
        "On %(day)s %(supplier)s is on track with the social return obligation of contract %(contract)s."
    ),
    Standing.BEHIND: _l(
        "On %(day)s %(supplier)s is %(behind)s behind on the social return obligation of contract %(contract)s."
    ),
    Standing.SHORTFALL: _l(
        "On %(day)s %(supplier)s has a shortfall of %(short)s on the social return obligation of contract %(contract)s."
    ),
}
EXEMPT_UNTIL = _l(
    "On %(day)s and through %(until)s %(supplier)s is exempt from the social return obligation"
    " of contract %(contract)s."
)

_SETTLED_SHORT = _l(
    "The social return obligation of contract %(contract)s is settled: %(supplier)s is %(short)s short, and the"
    " policy knows no penalty for that."
)
_SETTLED_EXCUSED = _l(
    "The social return obligation of contract %(contract)s is settled: %(supplier)s is %(short)s short. The"
    " supplier is not to blame, so no penalty is due."
)
_SETTLED_WHOLE = _l(
    "The social return obligation of contract %(contract)s is settled: %(supplier)s has fulfilled it, and nothing is"
    " due."
)
FINAL_VERDICTS = {
    # Is something short, is it excused, is there a penalty?
    (False, False, False): _SETTLED_WHOLE,
    (False, True, False): _SETTLED_WHOLE,
    (True, True, False): _SETTLED_EXCUSED,
    (True, False, False): _SETTLED_SHORT,
    (True, False, True): _l(
        "The social return obligation of contract %(contract)s is settled: %(supplier)s is %(short)s short, and a"
        " penalty of %(penalty)s is due."
    ),
}
PROPOSED = _l("Proposed on %(day)s (%(role)s)")
CONFIRMED = _l("confirmed by somebody else on %(day)s (%(role)s)")
EXCUSE_PROPOSED = _l("That the supplier is not to blame was proposed on %(day)s (%(role)s)")
EXCUSE_AGREED = _l("and agreed to by somebody else on %(day)s (%(role)s)")

PER: dict[Per, Any] = {
    Per.YEAR: _l("%(value)s a year"),
    Per.MONTH: _l("%(value)s a month"),
    Per.ONCE: _l("%(value)s once"),
    Per.HOUR: _l("%(value)s an hour"),
    Per.DAY: _l("%(value)s a day"),
}
FIGURES = {
    "gross_cents": _l("Gross obligation"),
    "exempted_cents": _l("Exempted"),
    "net_cents": _l("Net obligation"),
    "due_cents": _l("Due to date"),
    "remaining_cents": _l("Remaining"),
    "over_cap_cents": _l("Cap on activities"),
    "behind_cents": _l("Behind"),
    "surplus_cents": _l("Surplus"),
    "forecast_cents": _l("Forecast"),
    "closing": _l("Settlement"),
    "status": _l("State"),
}
# The roles that may issue a statement.
ROLES = {
    "administrator": _l("administrator"),
    "project_leader": _l("project leader"),
}
SELECTED_BY = {
    "publication": _l("the day of publication"),
    "award": _l("the day of award"),
    "start": _l("the contract's first day"),
}
HOW_APPROVED = {
    "review": _l("after review"),
    "import": _l("on import"),
}


def verdict(dossier: Dossier, assessment: Assessment) -> str:
    """The one sentence for a director: how the contract stands, in large type on page 1."""
    until = exempt_until(assessment)
    words = EXEMPT_UNTIL if assessment.status is Standing.EXEMPT and until else VERDICTS[assessment.status]
    values = {
        "supplier": dossier.parties.supplier_name,
        "contract": dossier.terms.number,
        "day": day_long(assessment.on),
        "start": day_long(assessment.term.first),
        "until": day_long(until),
        "net": rounded(assessment.net_cents),
        "behind": rounded(assessment.behind_cents),
        "short": rounded(assessment.remaining_cents),
    }
    return str(words) % values


def final_verdict(dossier: Dossier, final: Final) -> str:
    """The one sentence of a contract that is settled."""
    outcome = final.outcome
    words = FINAL_VERDICTS[bool(outcome.shortfall_cents), final.is_excused, bool(outcome.penalty_cents)]
    return str(words) % {
        "supplier": dossier.parties.supplier_name,
        "contract": dossier.terms.number,
        "short": rounded(outcome.shortfall_cents),
        "penalty": rounded(outcome.penalty_cents),
    }


def decided(words: Any, each: Decided) -> str:
    """Who decided something, in which role and when."""
    return str(words) % {"role": ROLES.get(each.role, each.role), "day": day_long(each.on)}


def foot(paper: Paper) -> str:
    """What stands at the foot of each page: number, as-of day, short hash."""
    as_of = _("as of %(day)s", day=day_long(paper.imprint.on))
    return f"{paper.title} · {as_of} · {paper.imprint.short_hash}"


def course_words(assessment: Assessment, planned: Sequence[Point] = ()) -> str:
    """The course in a sentence, for who does not see the chart; with a plan what it comes to in another."""
    words = _(
        "Line chart over the term: on %(day)s %(due)s is due and %(credited)s credited; on %(end)s %(net)s will be"
        " due and %(forecast)s credited.",
        day=day_long(assessment.on),
        due=euro(assessment.due_cents),
        credited=euro(assessment.credited_cents),
        end=day_long(assessment.term.last),
        net=euro(assessment.net_cents),
        forecast=euro(assessment.forecast_cents),
    )
    if planned:
        words += " " + _("The agreed plan comes to %(planned)s.", planned=euro(planned[-1].credited_cents))
    return str(words)


def policy_name(policy: Policy) -> str:
    return in_reader_language(policy.name)


def table_name(table: RateTable) -> str:
    """What a table is called; what the product's own tables add to it, in the reader's language."""
    return _in_reader_s_words(table.name)


def source_of(table: RateTable) -> str:
    """Where a table was published, in the same way."""
    return _in_reader_s_words(table.source or "")


def _in_reader_s_words(written: str) -> str:
    for added, said in ADDED.items():
        written = written.replace(added, str(said))
    return written


def selected_by(terms: Terms, table: RateTable) -> str:
    """By which day of the contract its table was chosen, and which day that was, when it is recorded."""
    days = {"publication": terms.published_on, "award": terms.awarded_on, "start": terms.starts_on}
    by, day = str(SELECTED_BY[table.selected_by]), days[table.selected_by]
    return f"{by}, {day_long(day)}" if day else str(_("%(day)s, which is not recorded", day=by))


def base_of(dossier: Dossier, figures: Assessment) -> str:
    """The percentage and what it is taken of, and what else makes the gross obligation."""
    terms, most = dossier.terms, dossier.policy.maximum_obligation_cents
    of = _("%(percent)s of %(amount)s (%(base)s)", percent=percent(terms.percentage), amount=euro(terms.base_cents),
           base=word(terms.base))  # fmt: skip
    more = len(figures.parts) - 1
    if more > 0:
        of += ", " + ngettext("with %(num)d amendment", "with %(num)d amendments", more)
    if most is not None and any("scale" in step.inputs for step in figures.explanation["gross_cents"]):
        of += ", " + _("at most %(amount)s", amount=plain_euro(most))
    return str(of)


def at_award(dossier: Dossier, figures: Assessment) -> str:
    """What the level on the day of award means for the whole term; nothing under a policy that looks at other days."""
    if dossier.policy.timing is not Timing.AT_AWARD or not figures.parts:
        return ""
    step = next(each for each in figures.explanation["exempted_cents"] if each.rule == "part.reduction")
    return str(
        _(
            "Under this policy only the day of award counts, %(day)s: %(what)s, so %(reduction)s of the whole term is"
            " exempt.",
            day=day_long(dossier.terms.awarded_on or dossier.terms.starts_on),
            what=covered_by(step, dossier),
            reduction=percent(decimal_of(Fraction(str(step.result)))),
        )
    )


def exempt_until(assessment: Assessment) -> date | None:
    """The last day of the full exemption that holds on the as-of day; None when it holds to the end of the term."""
    last = None
    for stretch in assessment.coverage:
        if stretch.days.last >= assessment.on:
            if stretch.reduction < WHOLE:
                return last if last != assessment.term.last else None
            last = stretch.days.last
    return None


def rounded(cents: int) -> str:
    """An amount in a sentence: whole euro, but a small one to the cent."""
    return euro_whole(cents) if abs(cents) >= WHOLE_EURO_FROM else euro(cents)


def plain_euro(cents: int) -> str:
    """A published value: without cents when it has none."""
    return euro(cents) if cents % CENTS_IN_EURO else euro_whole(cents)


def certificate_level(certificate: Certificate) -> str:
    """The level with its mark."""
    return f"{word(certificate.level)} {THIRTY_PLUS}" if certificate.thirty_plus else word(certificate.level)


def value_of(block: Block) -> str:
    """What a block of the rate table is worth."""
    if block.per is Per.INVOICE:
        return str(_("%(factor)s of the invoice", factor=percent(decimal_of(block.factor * 100))))
    if block.per is Per.AGREED:
        limit = block.maximum_per_day_cents
        return str(_("as agreed, at most %(value)s a day", value=plain_euro(limit)) if limit else _("as agreed"))
    return str(PER[block.per]) % {"value": plain_euro(block.value_cents)}


def decimal_of(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def span(first: date, last: date) -> str:
    """A period in a table."""
    return day_short(first) if first == last else f"{day_short(first)} – {day_short(last)}"


def part_name(origin: str, reference: str | None, effective_on: date | None) -> str:
    """What a part of the obligation is called."""
    if origin == "contract":
        return str(_("Contract"))
    return str(_("Amendment %(named)s", named=reference or day_long(effective_on)))


def covered_by(step: Step, dossier: Dossier) -> str:
    """What holds on the days of a step `part.reduction`, with the mark 30+ of the certificate."""
    level, number_ = step.inputs["level"], step.inputs["certificate"]
    if level is None and step.inputs["grace"]:
        return str(_("late renewal, bridged by grace days"))
    if level is None:
        return str(_("follows the work that it lessens") if step.result else _("no certificate"))
    held = (each for each in dossier.certificates if each.number == number_ and each.level == level)
    mark = f" {THIRTY_PLUS}" if any(each.thirty_plus for each in held) else ""
    return f"{number_}, {word(Level(str(level)))}{mark}"


def lapsed_days(steps: Sequence[Step]) -> list[str]:
    """Of each step `part.reduction` its days, each counted for its reduction: all with decimals when one has them."""
    counted = [Fraction(str(step.result)) * Fraction(str(step.inputs["days"])) / 100 for step in steps]
    are_whole = all(each.denominator == 1 for each in counted)
    pattern = "#,##0" if are_whole else "#,##0.00"
    return [format_decimal(decimal_of(each), pattern, locale=get_locale() or "nl") for each in counted]


def longest(block: Block) -> str:
    """How long one person counts on a block."""
    if block.counts_for_months is None:
        return str(_("no limit"))
    months = str(ngettext("%(num)d month a person", "%(num)d months a person", block.counts_for_months))
    longer = _("longer while subsidised")
    return f"{months}, {longer}" if block.counts_while_subsidised else months


def policy_rules(dossier: Dossier) -> Iterator[str]:
    """The policy of this contract, a sentence a rule."""
    policy = dossier.policy
    yield _timing(policy)
    yield from _thresholds(dossier)
    if policy.maximum_obligation_cents is not None:
        yield _("The obligation is at most %(amount)s.", amount=plain_euro(policy.maximum_obligation_cents))
    if policy.required_level:
        yield _("The supplier must hold %(level)s on the award date.", level=word(policy.required_level))
    if dossier.terms.activity_cap is not None:
        yield _(
            "Under this contract activities count for at most %(percent)s of the gross obligation.",
            percent=percent(dossier.terms.activity_cap),
        )
    yield _penalty(policy)


def _timing(policy: Policy) -> str:
    shares = [f"{word(level)} {percent(decimal_of(share * 100))}" for level, share in policy.reductions.items()]
    if policy.thirty_plus_reduction:
        shares.append(f"{THIRTY_PLUS} {percent(decimal_of(policy.thirty_plus_reduction * 100))}")
    if not shares:
        return str(_("A PSO level takes nothing away from the obligation."))
    words = str(
        _("PSO levels that exempt: %(shares)s; %(timing)s.", shares=", ".join(shares), timing=word(policy.timing))
    )
    if policy.grace_days:
        words += " " + str(
            ngettext(
                "A gap of at most %(num)d day between two certificates is bridged.",
                "A gap of at most %(num)d days between two certificates is bridged.",
                policy.grace_days,
            )
        )
    return words


def _thresholds(dossier: Dossier) -> Iterator[str]:
    minimum = dossier.policy.minimum_sum_cents_for(dossier.terms.kind)
    if minimum:
        yield _("It applies to contracts of %(amount)s and more.", amount=plain_euro(minimum))
    months = dossier.policy.minimum_months
    if months:
        yield ngettext(
            "It applies to contracts of %(num)d month and longer.",
            "It applies to contracts of %(num)d months and longer.",
            months,
        )


def _penalty(policy: Policy) -> str:
    if policy.settlement is None:
        return str(_("The policy knows no penalty for a shortfall."))
    factor = number(decimal_of(policy.settlement.penalty_factor))
    days = policy.settlement.repair_days
    return str(
        ngettext(
            "After the term the penalty is %(factor)s times the shortfall, due after %(days)s day.",
            "After the term the penalty is %(factor)s times the shortfall, due after %(days)s days.",
            days,
            factor=factor,
            days=days,
        )
    )


def entry_condition(entry: EntryCondition) -> str:
    """Whether the level that the policy asks for was held on the award date."""
    words = (
        _("The policy asks for PSO %(level)s on the award date (%(day)s): this was met. It exempts nothing.")
        if entry.met
        else _("The policy asks for PSO %(level)s on the award date (%(day)s): this was not met.")
    )
    return str(words) % {"level": word(entry.required), "day": day_long(entry.on)}


def risk(at_risk: AtRisk) -> str:
    """What comes back into the obligation when the certificate is not renewed."""
    return str(
        _(
            "At risk: without a new certificate less is exempt from %(day)s on. The net obligation counts %(amount)s"
            " for that already; a certificate that is renewed in time takes it away again.",
            day=day_long(at_risk.before),
            amount=euro(at_risk.cents),
        )
    )


def behind(figures: Assessment) -> str:
    """How much is due to date and not credited, as a sum."""
    return str(
        _(
            "%(due)s due to date − %(credited)s credited = %(behind)s",
            due=euro(figures.due_cents),
            credited=euro(figures.credited_cents),
            behind=euro(figures.behind_cents),
        )
    )


def forecast(figures: Assessment) -> str:
    """What is credited and what comes by what is approved and runs on, as a sum."""
    return str(
        _(
            "%(credited)s credited + %(coming)s from what is approved and runs on or begins later = %(forecast)s",
            credited=euro(figures.credited_cents),
            coming=euro(figures.to_be_credited_cents),
            forecast=euro(figures.forecast_cents),
        )
    )


def surplus(figures: Assessment) -> str:
    """What is credited over the net obligation, as a sum."""
    return str(
        _(
            "%(credited)s credited − %(net)s net = %(surplus)s",
            credited=euro(figures.credited_cents),
            net=euro(figures.net_cents),
            surplus=euro(figures.surplus_cents),
        )
    )


def settlement(closing: Closing) -> str:
    """What follows the shortfall."""
    if closing.excused:
        return str(
            _(
                "For the shortfall of %(amount)s the supplier is excused: no penalty is due.",
                amount=euro(closing.shortfall_cents),
            )
        )
    if closing.due_on is None:
        return str(_("The shortfall is %(amount)s. The policy knows no penalty.", amount=euro(closing.shortfall_cents)))
    return str(
        _(
            "The shortfall is %(amount)s. What is not repaired before %(day)s carries a penalty, now %(penalty)s.",
            amount=euro(closing.shortfall_cents),
            day=day_long(closing.due_on),
            penalty=euro(closing.penalty_cents),
        )
    )


# What the product's own tables say beside a name, in the one language that they are written in.
ADDED = {
    "(eerdere tabel)": _l("(earlier table)"),
    "(current version)": _l("(current version)"),
    "(earlier version)": _l("(earlier version)"),
    "(V05, April 2023; the readable part)": _l("(V05, April 2023; the readable part)"),
}
OUR_RULES = (
    _l("A counted period is measured in months from its own first day; a day is worth one over the days of its month."),
    _l("A second placement of a person on a block starts no new count of the longest time."),
    _l("A bonus that counts once counts once for a person on a contract, in the earliest placement that claims it."),
    _l("On a block with a value a month the hours do not weigh; days without hours count nothing."),
    _l("Activities fill the cap in the order of their date, then reference."),
    _l("Thresholds look at the contract as first agreed, and at the contract sum whatever the base."),
    _l(
        "Each amendment is a part of its own, spread over the days from its effective day, an extension over its own"
        " days."
    ),
    _l("Where parts come to more than the maximum, each counts for its share of it."),
    _l("Of several certificates on a day the one with the highest reduction holds."),
    _l("Less work carries the reduction of the parts that it lessens, when a level must be held every day."),
)
