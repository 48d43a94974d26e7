"""A batch on one worker process and on two, in turns: `python -m bench.batch [CONTRACTS] [RUNS]`.

Timed from the moment that the first statement is issued to the last, so without the start of the processes. Printed are
statements a second and the ratio.
"""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from app.batches import queries
from app.batches.models import Batch
from app.extensions import db
from bench.kills import a_batch
from tests.batches.consuming import consumer
from tests.support import application, migrate, settings

PAUSE = 0.2
"""Seconds between two looks: looking costs too, on the core of a worker; fifty a second took a tenth of the ratio."""


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
                while (first := left()) == contracts:
                    time.sleep(PAUSE)
                begun = time.perf_counter()
                while left():
                    time.sleep(PAUSE)
                return first / (time.perf_counter() - begun)


def main() -> None:
    contracts = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    logging.disable()
    pairs = [(rate(contracts, 1), rate(contracts, 2)) for _ in range(runs)]
    one, two = (median(each) for each in zip(*pairs, strict=True))
    print(f"one process {one:.2f} statements/s, two {two:.2f}: {two / one:.2f} times")


if __name__ == "__main__":
    main()
