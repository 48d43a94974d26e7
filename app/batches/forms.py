"""The form of a batch: as of which day, in which language, and whether also of contracts that have one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.accounts.words import LANGUAGES
from app.web import parsing
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields


class BatchForm(FaultsBesideFields):
    on = Typed(
        _l("As-of date"),
        parsing.day,
        needed=True,
        description=_l("Of every contract that ran in its year, and had begun by then."),
    )
    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)
    again = BooleanField(_l("Also of contracts that have a statement as of that day already"))
