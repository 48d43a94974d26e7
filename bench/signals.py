"""How many signals a second are found, beside the rule book alone: `python -m bench.signals`.

On portfolios of so many contracts, as `bench.lists` fills them. Anew: nothing is remembered, as in the daily run: the
dossiers are read from the database and assessed, and all that asks for attention is found. Again: the facts are the
same as a moment before, as when a worklist is opened twice. The peer, in turns with it in the same run: `assess` of the
rule book over the same dossiers, from their JSON as they are kept, without database and without signals.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import select

from app.assessments import queries as assessments
from app.contracts.models import Contract
from app.contracts.queries import NAMES
from app.extensions import db
from app.rules import assess
from app.rules.dossier_json import dossier_from_json
from app.signals import queries as signals
from bench.lists import fill
from tests import factories as make
from tests.support import application, migrate, settings

ON = date(2026, 11, 24)
SIZES = (30, 300)
RUNS = 5
REMEMBERING = (assessments._dossier, assessments._assessment, signals._of_dossier)


def forget() -> None:
    for each in REMEMBERING:
        each.cache_clear()
    db.session.expire_all()


def contracts() -> Sequence[Contract]:
    return db.session.scalars(select(Contract).options(*NAMES).order_by(Contract.id)).all()


def milliseconds(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return (perf_counter() - begun) * 1000


def compare(size: int) -> None:
    fill(make.corporation(), size)
    dossiers = list(assessments.dossiers_json(contracts()).values())
    found = len(signals.found_on(contracts(), ON))
    anew, again, bare = [], [], []
    for _ in range(RUNS):
        forget()
        anew.append(milliseconds(lambda: signals.found_on(contracts(), ON)))
        again.append(milliseconds(lambda: signals.found_on(contracts(), ON)))
        bare.append(milliseconds(lambda: [assess(dossier_from_json(json.loads(written)), ON) for written in dossiers]))
    first, second, peer = median(anew), median(again), median(bare)
    print(
        f"{size:>9} {found:>8} {first:>8.0f} ms {found / first * 1000:>9.0f} {second:>8.0f} ms"
        f" {found / second * 1000:>9.0f} {peer:>8.0f} ms {first / peer:>6.2f} {second / peer:>6.2f}"
    )


def main() -> None:
    logging.disable()
    print(
        f"{'contracts':>9} {'signals':>8} {'anew':>11} {'a second':>9} {'again':>11} {'a second':>9}"
        f" {'assess':>11} {'ratios':>13}"
    )
    for size in SIZES:
        with TemporaryDirectory() as folder:
            config = settings(Path(folder), f"sqlite:///{folder}/bench.sqlite3")
            migrate(config)
            with application(config) as app, app.app_context():
                compare(size)


if __name__ == "__main__":
    main()
