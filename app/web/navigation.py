"""The menu, for whoever looks at it: an entry shows when its page exists and its own rule lets this person in.

Which permission a page needs stands with its view (app/accounts/permissions.py) and nowhere else; `register` is told
how to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu. Whoever may open the page that it stands `instead_of` does not find it there.

    `along` names other blueprints whose pages stand under it.
    """

    endpoint: str
    word: Any
    instead_of: str = ""
    along: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        """Whether the page that is shown is of this entry's feature."""
        return request.blueprint in (self.endpoint.partition(".")[0], *self.along)

    @property
    def address(self) -> str:
        return url_for(self.endpoint)


ENTRIES = (
    Entry("auditing.home", _l("Audit"), along=("samples",)),
    Entry("portfolio.index", _l("Portfolio")),
    Entry("signals.index", _l("Worklist")),
    Entry("home.index", _l("Start"), instead_of="portfolio.index"),
    Entry("contracts.index", _l("Contracts"), along=("closing", "whatif")),
    Entry("contributions.index", _l("Contributions"), along=("several",)),
    Entry("suppliers.index", _l("Suppliers")),
    Entry("statements.index", _l("Statements"), along=("batches",)),
    Entry("programme.now", _l("Programme")),
)
# What is not of every day stands under one's own name.
OF_ONES_OWN = (
    Entry("accounts.account", _l("My account")),
    Entry("planning.due", _l("Reports due")),
    Entry("after_project.due", _l("After the project")),
    Entry("schemes.index", _l("Tables and policies")),
    Entry("auditing.show_log", _l("Audit log"), instead_of="auditing.home", along=("samples",)),
    Entry("organisation.index", _l("Administration")),
    Entry("reviews.index", _l("Access reviews")),
    Entry("mails.index_of_mails", _l("Mail sent")),
    Entry("help.how", _l("Explanation")),
)


def register(app: Flask, may_open: Callable[[str], bool]) -> None:
    """`may_open` says whether the page of an endpoint exists and who asks may see it."""

    def those_open(entries: Iterable[Entry]) -> list[Entry]:
        return [
            entry
            for entry in entries
            if may_open(entry.endpoint) and not (entry.instead_of and may_open(entry.instead_of))
        ]

    app.jinja_env.globals.update(
        navigation=lambda: those_open(ENTRIES),
        own_menu=lambda: those_open(OF_ONES_OWN),
        has_page=may_open,
        here=lambda: request.path,
        here_with=here_with,
        query_without=query_without,
    )
    app.add_template_filter(initials, "initials")


def here_with(**changes: object) -> str:
    """The address of this page with other values in its query; None leaves one out.

    The answer to a form leads to the page of its address, if there is one.
    """
    if request.method != "GET" and not (request.url_rule and "GET" in (request.url_rule.methods or ())):
        return "/"
    query = {**request.args.to_dict(), **changes}
    kept = {name: str(value) for name, value in query.items() if value is not None}
    return quote(request.path) + (f"?{urlencode(kept)}" if kept else "")


def query_without(*names: str) -> list[tuple[str, str]]:
    """What else the address asks for: the hidden fields of a form that changes only these."""
    return [(name, value) for name, value in request.args.items() if name not in names]


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()
