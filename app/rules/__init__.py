"""The rule book: facts in, an assessment with its reasons out.

Pure Python. Nothing here knows Flask, a database, a clock or a file: whoever calls brings the facts (`Dossier`) and the
day, and gets an `Assessment` in which every figure can be redone by hand. The rules in words:
docs/how-it-is-calculated.md.
"""

from __future__ import annotations

from app.rules.assessment import Assessment, assess
from app.rules.course import Point, course
from app.rules.dossier import Dossier
from app.rules.errors import RuleError
from app.rules.faults import faults

__all__ = ["Assessment", "Dossier", "Point", "RuleError", "assess", "course", "faults"]
