"""The form that erases: a tick, and what was seen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, ValidationError

from app.web.record_form import FaultsBesideFields


class EraseForm(FaultsBesideFields):
    seen = HiddenField()
    sure = BooleanField(_l("Yes, erase this. It cannot be brought back."))

    def validate_sure(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Tick this to erase it."))
