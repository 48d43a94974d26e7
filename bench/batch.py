"""A batch on one worker process and on two, in turns: `python -m bench.batch [CONTRACTS] [RUNS]`.

Timed from the second statement of each worker to the last before one of them is out of work, by the moments at which
they were issued: so without the start and the end of the processes. Each run is one, two, two, one, so that a machine
that slows down or speeds up meanwhile does both as much good. Printed are the statements a second and the ratio of each
run, and the median of the ratios.
"""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory

from sqlalchemy import select

from app.batches import queries
from app.batches.models import Batch
from app.extensions import db
from app.statements.models import Statement
from bench.kills import a_batch
from tests.batches.consuming import consumer
from tests.support import application, migrate, settings

PAUSE = 1.0
"""Seconds between two looks whether it is done: looking costs too, on the core of a worker."""


def rate(contracts: int, workers: int) -> float:
    """Statements a second."""
    with TemporaryDirectory() as folder:
        config = settings(Path(folder), f"sqlite:///{folder}/batch.sqlite3")
        migrate(config)
        with application(replace(config, workers=workers)) as app:
            with app.app_context():
                batch_id = a_batch(contracts)

            def left() -> int:
                with app.app_context():
                    return queries.progress_of([db.session.get_one(Batch, batch_id)])[batch_id].left

            with consumer(app):
                while left():
                    time.sleep(PAUSE)
            with app.app_context():
                moments = db.session.scalars(select(Statement.issued_at).order_by(Statement.issued_at)).all()
            steady = [each.timestamp() for each in moments if each is not None][2 * workers - 1 : 1 - workers or None]
            return (len(steady) - 1) / (steady[-1] - steady[0])


def main() -> None:
    contracts = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    logging.disable()
    ratios = []
    for _run in range(runs):
        first, *both, last = (rate(contracts, workers) for workers in (1, 2, 2, 1))
        one, two = fmean((first, last)), fmean(both)
        ratios.append(two / one)
        print(f"one process {one:.2f} statements/s, two {two:.2f}: {two / one:.2f} times", flush=True)
    print(f"median {median(ratios):.2f} times")


if __name__ == "__main__":
    main()
