"""What an auditor reads: findings, kinds of contributions, and what is wrong with a chain, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.audit.chain import Fault
from app.auditing.models import Outcome
from app.auditing.oddities import Oddity
from app.contributions.models import ContributionKind
from app.web.words import State

OUTCOMES: Mapping[Outcome, Any] = {
    Outcome.IN_ORDER: _l("In order"),
    Outcome.DEVIATION: _l("Deviation"),
}
STATES: Mapping[Outcome | None, State] = {
    None: State(_l("To be looked at"), "ring", "grey"),
    Outcome.IN_ORDER: State(OUTCOMES[Outcome.IN_ORDER], "tick", "green"),
    Outcome.DEVIATION: State(OUTCOMES[Outcome.DEVIATION], "triangle", "amber"),
}
ODDITIES: Mapping[Oddity, Any] = {
    Oddity.ODD_HOURS: _l("At night or in a weekend."),
    Oddity.MANY_LOOKS: _l("Many files opened, many more than others do on a day."),
    Oddity.MANY_CHANGES: _l("Many records on one day."),
    Oddity.REFUSED: _l("Many refused log-ins as this person."),
    Oddity.RIGHTS: _l("Rights given or changed, or a second step taken away."),
}
KINDS: Mapping[ContributionKind, Any] = {
    ContributionKind.PLACEMENT: _l("Placement"),
    ContributionKind.ACTIVITY: _l("Activity"),
}
FAULTS: Mapping[Fault, Any] = {
    Fault.MISSING: _l("A record is missing."),
    Fault.MISLINKED: _l("The record does not go on from the one before it."),
    Fault.CHANGED: _l("The record was changed after it was written."),
    Fault.PAYLOAD_CHANGED: _l("What the record says of the values before and after was changed."),
    Fault.TRUNCATED: _l("The newest records were cut off: a statement was printed with a later head of the chain."),
    Fault.OTHER_PAST: _l("The chain was made anew: a statement was printed with another head of the chain."),
}
