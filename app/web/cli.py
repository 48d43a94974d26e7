"""What the commands of all features share: a refusal is one line on standard error and exit status 1."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.rules.errors import RuleError
from app.web.errors import DomainError
from app.web.sentences import sentence

P = ParamSpec("P")
R = TypeVar("R")

# Who acts, in the audit log.
COMMAND_LINE = "command line"


class OneLine(click.Command):
    """A command that answers a word that is missing or wrong with one line too, and exit status 1."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise click.ClickException(f"{error.format_message()} See {ctx.command_path} --help") from None


def command(name: str, **options: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function, as `click.command` does."""
    return click.command(name, cls=OneLine, **options)


def fails_clearly(function: Callable[P, R]) -> Callable[P, R]:
    """Below `@command` and its options: what the product refuses becomes its sentence."""

    @wraps(function)
    def clear(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (DomainError, RuleError) as error:
            raise click.ClickException(sentence(error)) from None
        except (OperationalError, ProgrammingError) as error:
            reason = str(error.orig).splitlines()[0]
            raise click.ClickException(
                f"The database says: {reason}. Is it there, and upgraded (db upgrade)?"
            ) from None

    return clear
