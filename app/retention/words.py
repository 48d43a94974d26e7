"""What holds people back, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.retention.terms import Hold

HOLDS: Mapping[Hold, Any] = {
    Hold.WAITING: _l("a contribution waits to be submitted or judged"),
    Hold.UNSETTLED: _l("something is short and the contract is not settled"),
    Hold.PROPOSED: _l("a settlement waits to be confirmed"),
    Hold.DISPUTED: _l("Disputed"),
}
