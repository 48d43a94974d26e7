"""The two days of "what did we know then, what do we know now"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.web import formats, parsing
from app.web.clock import today
from app.web.errors import Invalid
from app.web.fields import Typed


class ThenForm(FlaskForm):  # type: ignore[misc]
    """As of which day, and by the facts of which day. It asks only, so it needs no token."""

    class Meta:
        csrf = False

    on = Typed(_l("As of"), parsing.day, description=_l("The day that the figures are about."))
    known = Typed(_l("Known on"), parsing.day, description=_l("What had been recorded by the end of this day."))

    @classmethod
    def of_address(cls, query: Mapping[str, str]) -> ThenForm:
        """What the address asks; a day that it does not name is today, or the other one."""
        on = query.get("on", "").strip() or formats.day_typed(today())
        known = query.get("known", "").strip() or on
        return cls(formdata=MultiDict({"on": _as_typed(on), "known": _as_typed(known)}))

    @property
    def days(self) -> tuple[date, date]:
        """As of, and known on, of a form without faults."""
        return self.on.value, self.known.value


def _as_typed(text: str) -> str:
    """A day of an address as people write it; another text stays, to be refused beside its field."""
    try:
        return formats.day_typed(parsing.day(text))
    except Invalid:
        return text
