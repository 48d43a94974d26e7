"""What the commands of all features share: a refusal is one line on standard error and exit status 1."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from app.rules.errors import RuleError
from app.web.errors import DomainError
from app.web.sentences import sentence

P = ParamSpec("P")
R = TypeVar("R")

# Who acts, in the audit log.
COMMAND_LINE = "command line"


def fails_clearly(function: Callable[P, R]) -> Callable[P, R]:
    """Below `@click.command` and its options: what the product refuses becomes its sentence."""

    @wraps(function)
    def clear(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (DomainError, RuleError) as error:
            raise click.ClickException(sentence(error)) from None

    return clear
