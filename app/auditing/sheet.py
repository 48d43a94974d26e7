"""What the page and the work paper of a sample show: what was drawn as it was then, and whether it is drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.auditing import drawing, population
from app.auditing.models import Outcome, Sample, SampleItem
from app.auditing.population import Line, read_line
from app.auditing.queries import contributions_of, supplier_name
from app.contributions.models import Contribution
from app.schemes.queries import parsed_table
from app.web.words import label


@dataclass(frozen=True, slots=True)
class Row:
    """A drawn contribution: its line of the population, the version as it is now, and what its block is called."""

    item: SampleItem
    line: Line
    version: Contribution
    block: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sample as it stands. `is_the_same`: the list has its hash still, and drawing again gives the same."""

    sample: Sample
    rows: Sequence[Row]
    is_the_same: bool
    supplier: str

    @property
    def done(self) -> int:
        return sum(row.item.finding is not None for row in self.rows)

    @property
    def deviations(self) -> Sequence[Row]:
        return [row for row in self.rows if row.item.finding and row.item.finding.outcome is Outcome.DEVIATION]

    @property
    def drawn_cents(self) -> int:
        return sum(row.line.credited_cents for row in self.rows)

    @property
    def next_open(self) -> Row | None:
        return next((row for row in self.rows if row.item.finding is None), None)

    @property
    def file(self) -> str:
        """What the list of the population is called when it is downloaded."""
        return f"population-{self.sample.corporation.kvk}-{self.sample.sequence}.csv"

    @property
    def shell(self) -> str:
        """The command with which anybody draws again."""
        return drawing.command_to_draw_again(self.sample.seed, self.sample.size, self.file)


def sheet_of(sample: Sample) -> Sheet:
    """Reads the population, and draws again."""
    versions = contributions_of(sample)
    rows = [_row(item, versions[item.contribution_id]) for item in sample.items]
    return Sheet(sample, rows, is_drawn_again(sample), supplier_name(sample))


def is_drawn_again(sample: Sample) -> bool:
    """Whether the kept list has the hash of the population, and gives the same contributions in the same order."""
    keys = [line.key for line in population.read(sample.population)]
    kept = [read_line(item.line).key for item in sample.items]
    is_whole = population.digest(sample.population) == sample.population_sha256
    return is_whole and drawing.drawn(sample.seed, keys, sample.size) == kept


def _row(item: SampleItem, version: Contribution) -> Row:
    block = parsed_table(version.contract.rate_table).blocks.get(version.block)
    return Row(item, read_line(item.line), version, label(block) if block else version.block)
