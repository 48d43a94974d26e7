"""The form of a record that is one corporation's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.models import Corporation
from app.web.fields import SelectField, choices_of
from app.web.record_form import RecordForm


class OfCorporation(RecordForm):
    """A record of a corporation; who works for several says of which, as long as it is new."""

    corporation = SelectField(_l("Corporation"), needed=True)

    def __init__(self, row: Any = None, *, corporations: Sequence[Corporation] = (), **options: Any) -> None:
        super().__init__(row, **options)
        self.corporations = {each.kvk: each for each in corporations}
        self.corporation.choices = choices_of({each.kvk: each.name for each in corporations})
        if row is not None or len(corporations) < 2:
            del self.corporation

    @property
    def owner(self) -> Corporation:
        """Whose record it is: as chosen, else the first that there is."""
        if self.row is not None:
            owner: Corporation = self.row.corporation
            return owner
        chosen = str(self.corporation.data) if self.corporation else ""
        return self.corporations.get(chosen, next(iter(self.corporations.values())))
