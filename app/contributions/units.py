"""What a building block counts by, as people read it beside its name."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.rules.tables import Block, Per
from app.web.formats import euro_whole, percent

UNITS: Mapping[Per, Any] = {
    Per.YEAR: _l("%(amount)s a year"),
    Per.MONTH: _l("%(amount)s a month"),
    Per.ONCE: _l("%(amount)s once"),
    Per.HOUR: _l("%(amount)s an hour"),
    Per.DAY: _l("%(amount)s a day"),
    Per.INVOICE: _l("%(factor)s of the invoice"),
    Per.AGREED: _l("as agreed"),
}
AGREED_BY_DAY = _l("as agreed, at most %(maximum)s a day")


def unit(block: Block) -> str:
    """For example "€ 40.000 a year", "50% of the invoice", "as agreed, at most € 1.000 a day"."""
    maximum = block.maximum_per_day_cents
    words = UNITS[block.per] if maximum is None else AGREED_BY_DAY
    factor = Decimal(block.factor.numerator * 100) / block.factor.denominator
    return str(words) % {
        "amount": euro_whole(block.value_cents),
        "factor": percent(factor),
        "maximum": euro_whole(maximum or 0),
    }
