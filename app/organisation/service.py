"""Commands on a corporation's settings: how it is called and looks, and what new contracts begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from app.accounts.models import Corporation, Language, Logo, User
from app.accounts.names import tidy_name
from app.accounts.permissions import Permission
from app.accounts.queries import corporation_where
from app.audit.service import command
from app.audit.trail import Audit
from app.extensions import db
from app.organisation import queries
from app.organisation.terms import Terms
from app.schemes.models import Policy, RateTable
from app.schemes.queries import policies_of, tables_of
from app.web.errors import Invalid


def change_settings(
    kvk: str,
    *,
    name: str,
    city: str | None,
    language: Language,
    accent: str | None,
    rate_table_id: int | None,
    policy_id: int | None,
    terms: Terms,
    seen_version: int,
    by: User,
) -> Corporation:
    """None of an accent, a table or a policy means the product's own, or no choice.

    Errors: NotFound; Stale; Invalid with the `column` (`name_missing`, `scheme_not_usable`, ...).
    """
    shown = tidy_name(name)
    with command("corporation.change", by=by, corporation=_administered(kvk, by)) as audit:
        corporation = _administered(kvk, by)
        corporation.expect_version(seen_version)
        _expect_usable("rate_table", rate_table_id, tables_of(corporation))
        _expect_usable("policy", policy_id, policies_of(corporation))
        if corporation.name != shown:  # the name stands on the paper
            corporation.facts_changed()
        with audit.change_of(corporation):
            corporation.name, corporation.city, corporation.language = shown, city, language
            corporation.accent = accent
            corporation.default_rate_table_id, corporation.default_policy_id = rate_table_id, policy_id
            for field in fields(terms):
                setattr(corporation, field.name, getattr(terms, field.name))
    return corporation


def set_logo(kvk: str, logo: Logo, *, by: User) -> Corporation:
    """Show this picture beside the product's mark. Errors: NotFound."""
    with command("corporation.change", by=by, corporation=_administered(kvk, by)) as audit:
        corporation = _administered(kvk, by)
        if corporation.logo_sha256 != logo.sha256:
            _drop_logo(audit, corporation)
            if db.session.get(Logo, logo.sha256) is None:
                audit.created(logo)
                audit.session.flush()
            with audit.change_of(corporation):
                corporation.logo_sha256 = logo.sha256
    return corporation


def remove_logo(kvk: str, *, seen_version: int, by: User) -> Corporation:
    """Errors: NotFound; Stale."""
    with command("corporation.change", by=by, corporation=_administered(kvk, by)) as audit:
        corporation = _administered(kvk, by)
        corporation.expect_version(seen_version)
        _drop_logo(audit, corporation)
    return corporation


def _drop_logo(audit: Audit, corporation: Corporation) -> None:
    """Take the logo away, and the picture with it when nobody else has the same."""
    logo = corporation.logo
    if logo is None:
        return
    with audit.change_of(corporation):
        corporation.logo = None
    audit.session.flush()
    if not queries.has_other_user(logo, corporation):
        audit.deleted(logo)
        audit.session.flush()


def _administered(kvk: str, by: User) -> Corporation:
    return corporation_where(by, Permission.ADMINISTER, kvk)


def _expect_usable(column: str, chosen: int | None, usable: Mapping[str, RateTable] | Mapping[str, Policy]) -> None:
    """Errors: Invalid (`scheme_not_usable`), for a table or a policy that is another corporation's, or gone."""
    if chosen is not None and chosen not in {row.id for row in usable.values()}:
        raise Invalid("scheme_not_usable", column=column)
