"""How long something takes, as roughly as it is known."""

from __future__ import annotations

from math import ceil

from flask_babel import gettext as _
from flask_babel import ngettext

MINUTE, HOUR = 60, 3600
IN_HOURS = 90 * MINUTE


def about(seconds: float) -> str:
    """In words that go with "left" and after "takes": "about 2 minutes"."""
    if seconds < MINUTE * 3 / 4:
        return str(_("less than a minute"))
    if seconds < IN_HOURS:
        return str(ngettext("about %(num)d minute", "about %(num)d minutes", ceil(seconds / MINUTE)))
    return str(ngettext("about %(num)d hour", "about %(num)d hours", ceil(seconds / HOUR)))
