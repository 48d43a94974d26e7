"""The queue that wakes workers up: huey on a SQLite file of its own, on PostgreSQL or on Redis, by setting.

What is to be done stands in the database (working.py), so nothing is lost with the queue: a consumer that begins, and
each minute one that runs, puts in it what is left over.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab

from app.batches import queries, working
from app.extensions import db
from app.statements import archive, late
from app.web.clock import now
from config import Config

NAME = "wederdienst"
FILE = "queue.sqlite3"
PATIENCE = 20
"""Seconds that a process waits for another's write to the file."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of an application. `work` is the task of one worker on one batch."""

    huey: Huey
    work: Callable[[int], Any]
    workers: int

    def wake(self, batch_id: int) -> None:
        """Let all workers go on with a batch; those that find nothing left are done at once."""
        for _worker in range(self.workers):
            self.work(batch_id)


def queue_of(app: Flask) -> Queue:
    """The queue by the settings of this application."""
    config: Config = app.config["WEDERDIENST"]
    huey, consumer = _huey(config), os.getpid()

    @huey.task()  # type: ignore[untyped-decorator]
    def work(batch_id: int) -> None:
        _expect_parent(consumer)
        with app.app_context():
            working.work_through(batch_id)

    @huey.periodic_task(crontab())  # type: ignore[untyped-decorator]
    def go_on() -> None:
        with app.app_context():
            _wake_left_over(queue)

    @huey.on_startup()  # type: ignore[untyped-decorator]
    def begin() -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # connections of the process that this one was forked from are its own

    queue = Queue(huey, work, config.workers)
    return queue


def wake(batch_id: int) -> None:
    """Let the workers begin with a batch, from a request."""
    queue_of(current_app._get_current_object()).wake(batch_id)  # type: ignore[attr-defined]


def consume(app: Flask) -> None:
    """Be the consumer of this machine, with its worker processes, until somebody stops it."""
    queue = queue_of(app)
    late.load()
    with app.app_context():
        working.let_go_of_ours()
        archive.sweep()
        queue.huey.flush()
        _wake_left_over(queue)
        db.engine.dispose()
    queue.huey.create_consumer(workers=queue.workers, worker_type="process", max_delay=1.0).run()


def end_with_parent() -> None:
    """Let this process stop when the one that started it is gone: the server that `./run` starts it beside."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()


def _expect_parent(consumer: int) -> None:
    """A worker whose consumer was killed ends too: the next consumer brings its own."""
    if os.getpid() != consumer and os.getppid() != consumer:
        os._exit(1)


def _wake_left_over(queue: Queue) -> None:
    if not queue.huey.pending_count():
        for batch_id in queries.left_over(now()):
            queue.wake(batch_id)


def _huey(config: Config) -> Huey:
    scheme = config.queue_url.partition(":")[0]
    if scheme == "postgresql":
        return PostgresHuey(NAME, dsn=config.queue_url, results=False)
    if scheme in ("redis", "rediss"):
        return RedisHuey(NAME, url=config.queue_url, results=False)
    # The journal as everywhere here: see docs/architecture.md about SQLite's.
    file = Path(config.data_dir) / FILE
    return SqliteHuey(NAME, filename=str(file), journal_mode="delete", timeout=PATIENCE, results=False)
