"""Commands of an auditor: draw a sample, note what was found; and of a leader: sign a month's access review."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.accounts.queries import corporation_where
from app.audit.service import command
from app.auditing import drawing, queries
from app.auditing.models import AccessReview, Outcome, Sample, SampleFinding, SampleItem
from app.auditing.population import Line, digest, written
from app.auditing.queries import Asked
from app.auditing.reviews import month_of
from app.web.bsn import without_bsn
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid, Stale


def draw(asked: Asked, size: int, *, by: User, seed: str = "", title: str = "") -> Sample:
    """Draw `size` of the approved contributions that `asked` finds, from a seed of our own when none is given.

    The whole population is kept with it as a file. Errors: Invalid `nothing_to_draw`, `too_few_to_draw`.
    """
    # Reckoning takes the longest. Done before, it is remembered, and the command holds its lock for a moment only.
    queries.population_of(by, asked, today())
    with command("sample.draw", by=by, corporation=asked.corporation) as audit:
        at = now()
        lines = {line.key: line for line in queries.population_of(by, asked, today())}
        _expect_enough(len(lines), size)
        file, used = written(lines.values()), seed or drawing.new_seed()
        sample = Sample(
            corporation=asked.corporation,
            sequence=queries.last_sequence(asked.corporation) + 1,
            title=title,
            approved_from=asked.approved_from,
            approved_until=asked.approved_until,
            contract_id=asked.contract_id,
            supplier_id=asked.supplier_id,
            kind=asked.kind,
            size=size,
            seed=used,
            is_seed_typed=bool(seed),
            population=file,
            population_size=len(lines),
            population_cents=sum(line.credited_cents for line in lines.values()),
            population_sha256=digest(file),
            drawn_by=by,
            drawn_at=at,
        )
        audit.created(sample, *_items(sample, [lines[key] for key in drawing.drawn(used, lines, size)]))
    return sample


def note(item_id: int, outcome: Outcome, text: str, *, by: User, seen_version: int) -> SampleFinding:
    """Note what was found of a drawn contribution, as the next version of the finding.

    `seen_version` is the version that was seen (0: none yet). The same again changes nothing. Errors: NotFound (not in
    a sample that `by` drew), Invalid `deviation_unexplained`, Stale.
    """
    if outcome is Outcome.DEVIATION and not text:
        raise Invalid("deviation_unexplained", column="text")
    seen = queries.item_to_judge(by, item_id)
    with command("sample_finding.note", by=by, corporation=seen.corporation) as audit:
        item = queries.item_to_judge(by, item_id)
        known = item.finding
        if known and (known.outcome, known.text) == (outcome, text):
            return known
        if (known.version if known else 0) != seen_version:
            raise Stale
        finding = SampleFinding(item=item, version=seen_version + 1, outcome=outcome, text=text, by=by, at=now())
        audit.created(finding)
    return finding


def _expect_enough(there_are: int, size: int) -> None:
    if not there_are:
        raise Invalid("nothing_to_draw")
    if size > there_are:
        raise Invalid("too_few_to_draw", column="size", number=there_are)


def _items(sample: Sample, lines: list[Line]) -> list[SampleItem]:
    return [
        SampleItem(sample=sample, position=position, contribution_id=line.contribution_id, line=line.text)
        for position, line in enumerate(lines, start=1)
    ]


def sign_review(kvk: str, written: str, remark: str, *, seen: str, by: User) -> AccessReview:
    """Say that a month was looked at, and what was done about what is odd.

    Who stands in the list does not sign it. Errors: NotFound; Stale when the list is no longer what was seen; Conflict
    `review_signed`, `review_of_oneself`; Invalid `review_remark_needed`, `bsn`.
    """
    corporation = corporation_where(by, Permission.REVIEW_ACCESS, kvk)
    with command("access_review.sign", by=by, corporation=corporation) as audit:
        month = month_of(kvk, written, by, Permission.REVIEW_ACCESS)
        if month.review is not None:
            raise Conflict("review_signed")
        if month.is_about(by):
            raise Conflict("review_of_oneself")
        if seen != month.digest:
            raise Stale
        if month.odd and not remark:
            raise Invalid("review_remark_needed", column="remark")
        made = AccessReview(
            corporation=month.corporation,
            month=month.days.first,
            oddities=len(month.odd),
            records=len(month.acts),
            digest=month.digest,
            remark=without_bsn(remark),
            signed_by_id=by.id,
            signed_at=now(),
        )
        audit.created(made)
    return made
