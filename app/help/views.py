"""The page that says in plain words how figures come about; every "why?" points to a place on it."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.permissions import public

bp = Blueprint("help", __name__)


@bp.get("/how")
@public
def how() -> str:
    return render_template("help/how.html")
