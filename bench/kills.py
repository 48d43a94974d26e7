"""A batch whose consumer is killed again and again: `python -m bench.kills [TIMES] [CONTRACTS]`.

Each time `flask worker` is killed with all its processes, within a second after the first statement that it made; then
it may finish. Afterwards
no number is double or missing, every statement has its file, whole, and no half file is left.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Language, Role
from app.batches import queries, service
from app.batches.models import Batch
from app.extensions import db
from app.statements import archive
from app.statements.models import Statement
from app.web.clock import now
from tests import factories as make
from tests.batches.consuming import consumer
from tests.support import application, migrate, settings

ON = date(2026, 6, 30)


def a_batch(contracts: int) -> int:
    here = make.corporation()
    leader = make.user(Role.PROJECT_LEADER, of=here)
    for _number in range(contracts):
        make.contract(here)
    return service.ask(here.kvk, ON, Language.DUTCH, again=False, by=leader).id


def left(app: Flask, batch_id: int) -> int:
    with app.app_context():
        batch = db.session.get_one(Batch, batch_id)
        return queries.progress_of([batch])[batch_id].left


def check(app: Flask, contracts: int) -> None:
    with app.app_context():
        made = db.session.scalars(select(Statement).order_by(Statement.sequence)).all()
        assert [each.sequence for each in made] == list(range(1, contracts + 1)), "a number is double or missing"
        for statement in made:
            (rendition,) = statement.renditions
            archive.read(rendition)
        stored = {rendition.path for statement in made for rendition in statement.renditions}
        folder = Path(app.config["WEDERDIENST"].data_dir)
        kept = {str(each.relative_to(folder)) for each in (folder / archive.FOLDER).rglob("*") if each.is_file()}
        assert stored <= kept, "a file is missing"
        unfinished = [name for name in kept if Path(name).name.startswith(".")]
        print(f"numbers 1 to {contracts}, all {len(stored)} files whole; {len(kept - stored) - len(unfinished)} files")
        print(f"without a row and {len(unfinished)} unfinished ones, which nothing points to")


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    contracts = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    logging.disable()
    random.seed(now().isoformat())
    with TemporaryDirectory() as folder:
        config = settings(Path(folder), f"sqlite:///{folder}/kills.sqlite3")
        migrate(config)
        with application(config) as app:
            with app.app_context():
                batch_id = a_batch(contracts)
            for number in range(times):
                before = left(app, batch_id)
                with consumer(app):
                    while left(app, batch_id) == before:
                        time.sleep(0.05)
                    time.sleep(random.random())  # noqa: S311
                print(f"killed {number + 1} times, {left(app, batch_id)} to go", flush=True)
            with consumer(app):
                while left(app, batch_id):
                    time.sleep(0.2)
            check(app, contracts)


if __name__ == "__main__":
    main()
