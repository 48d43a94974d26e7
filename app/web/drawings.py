"""The drawings in the reader's language: geometry of charts.py and bars.py with words, for templates and paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from babel.dates import format_date
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.rules import Assessment, Point
from app.rules.dates import Period
from app.rules.ladder import Stretch
from app.web.bars import CoverageBar, CoverageWords, coverage_bar, progress
from app.web.charts import COLUMN, NARROW, WIDE, CourseChart, Size, Words, course_chart, planned_at, points_with
from app.web.formats import day_long, euro_whole, number, percent
from app.web.words import coverage_word


class Covered(Protocol):
    """What a bar of coverage is drawn from: an assessment, or a company's certificates over a time."""

    @property
    def coverage(self) -> Sequence[Stretch]: ...

    @property
    def term(self) -> Period: ...


def register(app: Flask) -> None:
    """The drawings as functions of templates."""
    app.jinja_env.globals.update(
        COLUMN=COLUMN,
        NARROW=NARROW,
        WIDE=WIDE,
        course_of_contract=course_of_contract,
        course_of_portfolio=course_of_portfolio,
        coverage_of=coverage_of,
        coverage_lines=coverage_lines,
        planned_at=lambda plan, points: planned_at(plan, [point.on for point in points]),
        progress_of=progress,
    )


def course_of_contract(
    points: Sequence[Point], assessment: Assessment, size: Size = WIDE, plan: Sequence[Point] = ()
) -> CourseChart:
    """The course of one contract, up to its net obligation, beside its plan when it has one."""
    with_today, net = points_with(points, assessment), assessment.net_cents
    return course_chart(with_today, on=assessment.on, net_cents=net, words=chart_words(net), size=size, plan=plan)


def course_of_portfolio(
    points: Sequence[Point], on: date, size: Size = WIDE, plan: Sequence[Point] = (), planned: int = 0
) -> CourseChart:
    """The course of several contracts together, beside the plans of so many of them."""
    name = ngettext("plan of %(num)s contract", "plans of %(num)s contracts", planned)
    words = replace(chart_words(0), plan=name)
    return course_chart(points, on=on, net_cents=None, words=words, size=size, plan=plan)


def coverage_of(covered: Covered, width: int = WIDE.width) -> CoverageBar:
    """The coverage of a term by PSO certificates."""
    words = CoverageWords(coverage_word, _short_day, lambda day: str(_("withdrawn on %(day)s", day=day_long(day))))
    return coverage_bar(covered.coverage, covered.term, words, width)


def coverage_lines(assessment: Assessment) -> list[str]:
    """The same in sentences, for who does not see the bar."""
    return [_coverage_line(stretch) for stretch in assessment.coverage]


def chart_words(net_cents: int) -> Words:
    return Words(
        due=_("due"),
        credited=_("credited"),
        credited_then_forecast=_("credited, then forecast"),
        forecast=_("forecast"),
        net=_("net %(amount)s", amount=euro_whole(net_cents)),
        today=_("as-of date"),
        month=lambda day: _written(day, "MMM"),
        month_with_year=lambda day: _written(day, "MMM yy"),
        amount=_axis_amount,
        plan=_("plan"),
    )


def _axis_amount(amount: Decimal) -> str:
    return number(amount)


def _coverage_line(stretch: Stretch) -> str:
    return str(
        _(
            "%(first)s to %(last)s: %(what)s, %(reduction)s exempt",
            first=day_long(stretch.days.first),
            last=day_long(stretch.days.last),
            what=coverage_word(stretch),
            reduction=percent(round(Decimal(stretch.reduction.numerator) * 100 / stretch.reduction.denominator, 2)),
        )
    )


def _short_day(day: date) -> str:
    return _written(day, "d MMM y")


def _written(day: date, pattern: str) -> str:
    """A day by Babel's pattern; a month's abbreviation without the point that some languages give it."""
    return format_date(day, pattern, locale=get_locale() or "nl").replace(".", "")
