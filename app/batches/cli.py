"""The command `worker`: makes in the background what was asked for in batches."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.batches.queue import consume, end_with_parent
from app.web.cli import command, fails_clearly


@command("worker")
@click.option("--with-parent", is_flag=True, help="Stop when the process that started it is gone.")
@with_appcontext
@fails_clearly
def worker(with_parent: bool) -> None:
    """Issue the statements of batches until stopped; one of these on each machine."""
    if with_parent:
        end_with_parent()
    consume(current_app._get_current_object())  # type: ignore[attr-defined]
