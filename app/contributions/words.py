"""What findings about a contribution are called, and on which rules they rest: where people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from app.rules.checks import Finding, Rule, Severity
from app.web.sentences import sentence
from app.web.words import State

SEVERITIES: Mapping[Severity, State] = {
    Severity.ERROR: State(_l("Not right"), "cross", "red"),
    Severity.WARNING: State(_l("Look at this"), "triangle", "amber"),
    Severity.HINT: State(_l("Good to know"), "disc", "grey"),
}


class RuleWords(NamedTuple):
    """A rule by its name, and its place on the page "How is this calculated?" when it stands there."""

    name: Any
    anchor: str | None = None


CHECKED_BY: Mapping[Rule, RuleWords] = {
    Rule.ELIGIBLE: RuleWords(_l("who counts"), "placements"),
    Rule.DAYS: RuleWords(_l("which days count"), "placements"),
    Rule.MAXIMUM: RuleWords(_l("how long one person counts"), "placements"),
    Rule.HOURS: RuleWords(_l("hours a week"), "placements"),
    Rule.SHARE: RuleWords(_l("the shares of one person"), "placements"),
    Rule.BONUS: RuleWords(_l("bonuses"), "bonuses"),
    Rule.ACTIVITY: RuleWords(_l("activities"), "activities"),
    Rule.CAP: RuleWords(_l("the cap on activities"), "activities"),
    Rule.OBLIGATION: RuleWords(_l("the obligation"), "obligation"),
    Rule.PLAN: RuleWords(_l("the plan of approach")),
    Rule.REPORTING: RuleWords(_l("reporting in time")),
    Rule.PROOF: RuleWords(_l("what shows that it is so")),
}


def sentence_of_finding(finding: Finding, labels: Mapping[str, str]) -> str:
    """What was found, with the blocks called as `labels` call them."""
    return sentence(finding.named(labels))
