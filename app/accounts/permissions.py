"""Who may do what: the one place that decides it.

A role is a set of permissions (`TABLE`), a membership gives a user that role for one corporation, or for what one
supplier has with it. A view says what it needs with `requires`, `requires_login` or `public`; a test walks all routes
and fails for one that says nothing. Which rows somebody sees is decided by the queries, which start from the user's
`corporation_ids` and `supplier_grants`, or from the functions at the end of this file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.models import Membership, Role, User
from app.web.addresses import asked_address
from app.web.clock import today

P = ParamSpec("P")
R = TypeVar("R")

HALF = "half_session"
"""Under this name the request keeps the session of who has yet to show a second factor (sessions.py)."""


class Permission(StrEnum):
    """What somebody may do. Looking at something is a permission too."""

    SEE_PORTFOLIO = "see_portfolio"
    SEE_CONTRACTS = "see_contracts"
    SEE_STATEMENTS = "see_statements"
    SEE_PROGRAMME = "see_programme"
    SEE_SUPPLIERS = "see_suppliers"
    """Suppliers as a corporation recorded them, with their certificates."""
    SEE_SCHEMES = "see_schemes"
    """Rate tables and policies: those that are shipped, and those of corporations where one is somebody."""
    SEE_HISTORY = "see_history"
    """Who changed what, and when."""
    SEE_AUDIT = "see_audit"
    """The audit log as it is chained, what statements rest on, and the samples that were drawn."""
    SEE_PERSONS = "see_persons"
    """References of people who were placed, and all that is held about one."""
    SEE_EVIDENCE = "see_evidence"
    """Files, visits and answers of the other side, of what somebody sees."""
    SEE_PLANS = "see_plans"
    """The plan of approach, the reports and the handover of what somebody sees."""
    SEE_SIGNALS = "see_signals"
    """What asks for attention on contracts, and the conversations about it."""
    HANDLE_SIGNALS = "handle_signals"
    """Record conversations; let a signal rest, or close it."""
    ENTER_CONTRIBUTIONS = "enter_contributions"
    JUDGE = "judge"
    """Approve or reject a contribution that somebody else entered."""
    ISSUE_STATEMENTS = "issue_statements"
    EDIT_CONTRACTS = "edit_contracts"
    """Contracts and their amendments, suppliers and their certificates."""
    EDIT_SCHEMES = "edit_schemes"
    IMPORT = "import"
    SETTLE = "settle"
    """Close a contract: propose and confirm its settlement, and excuse a supplier who is not to blame."""
    ADMINISTER = "administer"
    """Users, memberships and settings of the corporation."""
    REVIEW_ACCESS = "review_access"
    """Sign that a month of the log was looked at."""
    SAMPLE = "sample"
    """Draw contributions at random and note what was found of them: an auditor's own work."""


SEEING = frozenset(permission for permission in Permission if permission.value.startswith("see_"))
LOOKING = frozenset(
    {Permission.SEE_CONTRACTS, Permission.SEE_STATEMENTS, Permission.SEE_SCHEMES, Permission.SEE_EVIDENCE}
    | {Permission.SEE_PLANS}
)
"""What whoever has to do with a contract may see of it."""

TABLE: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission) - {Permission.SAMPLE},
    Role.PROJECT_LEADER: frozenset(Permission) - {Permission.ADMINISTER, Permission.SEE_AUDIT, Permission.SAMPLE},
    Role.SUPPLIER: LOOKING | {Permission.ENTER_CONTRIBUTIONS, Permission.SEE_PERSONS},
    Role.AUDITOR: SEEING | {Permission.SAMPLE},
    Role.ASSESSOR: LOOKING | {Permission.JUDGE},
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may ask for a route: everybody, whoever is logged in, or who holds the permission somewhere."""

    is_public: bool = False
    permission: Permission | None = None

    def admits(self, role: Role | None) -> bool:
        """Whether a user with that role anywhere (None: nobody, not logged in) gets past the door."""
        if self.is_public or role is None:
            return self.is_public
        return self.permission is None or self.permission in TABLE[role]


PUBLIC = Rule(is_public=True)
LOGGED_IN = Rule()

# Routes whose views are not a feature's: files that anybody may have, and the heartbeat.
OPEN_BY_NATURE = frozenset({"static", "bootstrap.static", "health.healthz"})


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may ask for this view, logged in or not."""
    return _marked(view, PUBLIC)


def requires_login(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Whoever is logged in may ask for this view; others are sent to the log-in page first."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        return view(*args, **kwargs) if current_user.is_authenticated else to_login()

    return _marked(guarded, LOGGED_IN)


def requires_first_step(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Whoever logged in may ask for this view, also before the second step; others are sent to the log-in page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        return view(*args, **kwargs) if current_user.is_authenticated or HALF in g else to_login()

    return _marked(guarded, LOGGED_IN)


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Only who holds `permission` in some corporation may ask for this view (403); nobody yet: to the log-in page.

    Whether it holds for the object that is asked for is up to the query (404) or to `may`.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not current_user.is_authenticated:
                return to_login()
            if not may_somewhere(current_user, permission):
                abort(403)
            return view(*args, **kwargs)

        return _marked(guarded, Rule(permission=permission))

    return guard


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule of a route; None when its view says nothing, which a test does not accept."""
    if endpoint in OPEN_BY_NATURE:
        return PUBLIC
    rule: Rule | None = getattr(app.view_functions[endpoint], "access_rule", None)
    return rule


def may_open(endpoint: str) -> bool:
    """Whether that page exists and who asks gets past its door: for menus, links and buttons."""
    rule = rule_of(current_app, endpoint) if endpoint in current_app.view_functions else None
    if rule is None or rule.is_public:
        return rule is not None
    if rule.permission is None:
        return bool(current_user.is_authenticated)
    return may_somewhere(current_user, rule.permission)


def to_login() -> Response:
    """To the log-in page or its second step, and afterwards back to the page that was asked for."""
    asked = asked_address() if request.method == "GET" else None
    return redirect(url_for("second_factor.step" if HALF in g else "accounts.login", next=asked))


def may(
    user: Any,
    permission: Permission,
    *,
    corporation_id: int,
    supplier_id: int | None = None,
    contract_id: int | None = None,
) -> bool:
    """Whether `user` may do that with something of this corporation (and of this supplier, when it is a supplier's).

    A supplier's membership only counts for what is of that supplier, a mandate for some contracts only for those.
    Whoever is not logged in may nothing.
    """
    return any(
        membership.corporation_id == corporation_id
        and membership.supplier_id in (None, supplier_id)
        and (not membership.is_limited or contract_id in membership.contract_ids)
        for membership in _giving(user, permission)
    )


def may_somewhere(user: Any, permission: Permission) -> bool:
    """Whether `user` has that permission at all: does a menu entry or a page make sense for them?"""
    return bool(_giving(user, permission))


def corporations_where(user: User, permission: Permission) -> frozenset[int]:
    """The ids of the corporations in which `user` may do that with everything, whosever supplier's it is."""
    return frozenset(
        each.corporation_id for each in _giving(user, permission) if each.supplier_id is None and not each.is_limited
    )


def supplier_grants_where(user: User, permission: Permission) -> frozenset[tuple[int, int]]:
    """The (corporation id, supplier id) pairs for which a supplier's membership lets `user` do that."""
    return frozenset(
        (each.corporation_id, each.supplier_id) for each in _giving(user, permission) if each.supplier_id is not None
    )


def contracts_where(user: User, permission: Permission) -> frozenset[int]:
    """The ids of the contracts with which mandates for those only let `user` do that."""
    limited = (each.contract_ids for each in _giving(user, permission) if each.is_limited)
    return frozenset().union(*limited)


def houses_where(user: User, permission: Permission) -> frozenset[int]:
    """The ids of the corporations in which `user` may do that with something, be it of one supplier or contract."""
    return frozenset(each.corporation_id for each in _giving(user, permission))


def organisation_of(user: User, corporation_id: int) -> str | None:
    """The other organisation for which `user` judges in that corporation today."""
    active = user.active_memberships(today())
    return next((each.organisation for each in active if each.corporation_id == corporation_id), None)


def _giving(user: Any, permission: Permission) -> list[Membership]:
    """The memberships that give `user` that permission today."""
    if not getattr(user, "is_authenticated", False):
        return []
    return [each for each in user.active_memberships(today()) if permission in TABLE[each.role]]


def _marked(view: Callable[P, R], rule: Rule) -> Callable[P, R]:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view
