"""Confirmations in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.confirmations.models import Disputed

DISPUTED: Mapping[Disputed, Any] = {
    Disputed.UNKNOWN_HERE: _l("We know nothing of this"),
    Disputed.PERIOD: _l("The days are not right"),
    Disputed.HOURS: _l("The hours or the quantity are not right"),
    Disputed.AMOUNT: _l("The amount is not right"),
    Disputed.OTHER: _l("Something else is not right"),
}
