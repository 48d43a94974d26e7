"""A list as its address asks for it: which words, which filters, in which order, which page. The same for every list.

A list says once what may be asked of it (`Offer`). Its rows come in pages out of the database (`page_of_records`,
`page_of_columns`), or from rows that are at hand where figures are asked that no database holds (`page_of_rows`).
templates/components/lists.html draws what is asked, and keeps it in the address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, func, or_, select

from app.extensions import db
from app.web import parsing
from app.web.addresses import HIGHEST
from app.web.errors import Invalid

PAGE_SIZE = 25
LONGEST = 100
"""How many characters of a text in an address are looked at."""
FIRST_PAGE = 1

T = TypeVar("T")
Admits = Callable[[str], bool]
Options = Sequence[tuple[str, str]]
"""What there is to choose from: values with their words."""
Order = Sequence[SQLColumnExpression[Any]]


def one_of(*values: str) -> Admits:
    """A filter that knows its values."""
    return frozenset(values).__contains__


def a_number(text: str) -> bool:
    """A filter by a number that a database holds: a year, the id of a row."""
    return text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST)) and 0 < int(text) <= HIGHEST


def a_day(text: str) -> bool:
    """A filter by a day, as a field for dates sends it: 2026-05-14. `parsing.day` reads it."""
    try:
        return bool(parsing.ISO_DAY.fullmatch(text) and parsing.day(text))
    except Invalid:
        return False


def a_text(text: str) -> bool:
    """A filter whose values are data, such as KvK numbers: one that nothing has finds nothing."""
    return len(text) <= LONGEST and "\0" not in text


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks for; whatever it says that the list does not offer counts as not said."""

    q: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descends: bool = False
    page: int = FIRST_PAGE

    def __getitem__(self, name: str) -> str:
        """The value of a filter; empty when it is not asked."""
        return self.filters[name]

    @property
    def words(self) -> Sequence[str]:
        """The words of the search, in small letters; each of them must be found."""
        return self.q.lower().split()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q) or any(self.filters.values())

    @property
    def everything(self) -> Mapping[str, None]:
        """What the address leaves out to show all."""
        return dict.fromkeys(("q", *self.filters, "page"))

    def finds(self, *texts: str) -> bool:
        """Whether every word of the search stands somewhere in these texts."""
        text = " ".join(texts).lower()
        return all(word in text for word in self.words)


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be asked of a list: its orders, of which the first holds when none is asked, and its filters by name."""

    sorts: Collection[str]
    filters: Mapping[str, Admits] = field(default_factory=dict)
    begins_descending: bool = False

    def choice(self, query: Mapping[str, str]) -> Choice:
        """What the query of an address asks for."""
        sort, page = query.get("sort", ""), query.get("page", "")
        is_sorted = sort in self.sorts
        return Choice(
            q=query.get("q", "").replace("\0", "").strip()[:LONGEST],
            filters={name: self._value(query, name) for name in self.filters},
            sort=sort if is_sorted else next(iter(self.sorts)),
            descends=query["dir"] == "desc" if "dir" in query else self.begins_descending and not is_sorted,
            page=int(page) if a_number(page) else FIRST_PAGE,
        )

    def _value(self, query: Mapping[str, str], name: str) -> str:
        text = query.get(name, "").strip()
        return text if self.filters[name](text) else ""


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of what the choice finds; `options` is, by filter, what there is to choose from."""

    choice: Choice
    rows: Sequence[T]
    found: int
    page: int
    options: Mapping[str, Options] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return _pages(self.found)


def page_of_rows(rows: Iterable[T], choice: Choice, key: Callable[[T], Any], **options: Options) -> Listing[T]:
    """The page that is asked of rows that were found, in the order of `key`."""
    ordered = sorted(rows, key=key, reverse=choice.descends)
    page = min(choice.page, _pages(len(ordered)))
    start = (page - 1) * PAGE_SIZE
    return Listing(choice, ordered[start : start + PAGE_SIZE], len(ordered), page, options)


def page_of_records(wanted: Select[T], choice: Choice, order: Order, **options: Options) -> Listing[T]:
    """The page that is asked of a SELECT of one kind of record, in two statements. `order` ends with what is unique."""
    found, page, rows = _window(wanted, choice, order)
    return Listing(choice, db.session.scalars(rows).all(), found, page, options)


def page_of_columns(
    wanted: Select[*tuple[Any, ...]], choice: Choice, order: Order, **options: Options
) -> Listing[Row[*tuple[Any, ...]]]:
    """The same of a SELECT of columns."""
    found, page, rows = _window(wanted, choice, order)
    return Listing(choice, db.session.execute(rows).all(), found, page, options)


def mentions(word: str, *texts: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether one of the columns has this word (in small letters) in it."""
    return or_(*(func.lower(text).contains(word, autoescape=True) for text in texts))


def by_word(options: Mapping[str, str]) -> Options:
    """Values and their words as options, in the order of the words."""
    return sorted(options.items(), key=lambda option: option[1].lower())


def _window(wanted: Select[Any], choice: Choice, order: Order) -> tuple[int, int, Select[Any]]:
    """How many rows there are, which page of them is shown, and the SELECT of that page."""
    found = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    page = min(choice.page, _pages(found))
    ordered = wanted.order_by(*(each.desc() for each in order) if choice.descends else order)
    return found, page, ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)


def _pages(found: int) -> int:
    return max(FIRST_PAGE, -(-found // PAGE_SIZE))
