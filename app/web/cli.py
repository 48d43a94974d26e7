"""What the commands of all features share: the language, and that a refusal is one line on standard error, status 1.

What a command says, good or bad, is in the language of `--lang`; its help, and what is wrong with how it was called, is
in the English of the command line itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.rules.errors import RuleError
from app.web.errors import DomainError
from app.web.locale import DEFAULT, LANGUAGES
from app.web.sentences import sentence

P = ParamSpec("P")
R = TypeVar("R")

# Who acts, in the audit log.
COMMAND_LINE = "command line"
ASKED = "app.web.cli.language"
# In English, as the words of click before it.
SEE_HELP = "{} See {} --help"


class OneLine(click.Command):
    """A command that answers a word that is missing or wrong with one line too, and exit status 1."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise click.ClickException(SEE_HELP.format(error.format_message(), ctx.command_path)) from None


def command(
    name: str, *, language_help: str = "The language of what is printed.", **options: Any
) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function, as `click.command` does, with the option `--lang`."""
    lang = click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, callback=_keep, help=language_help)
    return lambda function: click.command(name, cls=OneLine, **options)(lang(function))


def asked_language() -> str | None:
    """What `--lang` says, in a command; None without it."""
    asked: str | None = click.get_current_context().meta.get(ASKED)
    return asked


def _keep(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    context.meta[ASKED] = value


def fails_clearly(function: Callable[P, R]) -> Callable[P, R]:
    """Below `@command` and `@with_appcontext`: in the asked language, and what is refused becomes its sentence."""

    @wraps(function)
    def clear(*args: P.args, **kwargs: P.kwargs) -> R:
        with force_locale(asked_language() or DEFAULT):
            try:
                return function(*args, **kwargs)
            except (DomainError, RuleError) as error:
                raise click.ClickException(sentence(error)) from None
            except (OperationalError, ProgrammingError) as error:
                raise click.ClickException(_database_says(str(error.orig).splitlines()[0])) from None

    return clear


def _database_says(reason: str) -> str:
    return str(_("The database says: %(reason)s. Is it there, and upgraded (db upgrade)?", reason=reason))
