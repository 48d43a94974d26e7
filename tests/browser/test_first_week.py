"""A project leader's first week in a browser: from an empty corporation to a statement that says what `assess` says."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.models import Role
from app.schemes.service import load_shipped
from app.statements.verify import verify
from app.web.clock import today
from tests import factories as make
from tests.browser.conftest import Site
from tests.people import password_hash

LEADER, COLLEAGUE = "leader@example.org", "colleague@example.org"
KVK = "99994321"
YEAR = today().year
PERSONS = [f"SR-{number:03d}" for number in range(1, 11)]
FIGURES = "gross_cents exempted_cents net_cents due_cents credited_cents pending_cents forecast_cents remaining_cents"
Visit = Callable[..., Page]


@pytest.fixture
def corporation(site: Site) -> str:
    """The KvK number of a corporation that has two project leaders and nothing else."""
    return site.do(an_empty_corporation)


def an_empty_corporation() -> str:
    here = make.corporation()
    for email in (LEADER, COLLEAGUE):
        make.membership(make.user(None, email=email, password_hash=password_hash()), Role.PROJECT_LEADER, of=here)
    load_shipped()
    return here.kvk


def figures_on(page: Page) -> dict[str, int]:
    return {key: int(page.locator(f"#{key}").get_attribute("value") or "") for key in FIGURES.split()}


def press(page: Page, address: str) -> None:
    """Press the button of the form and wait for the page that it leads to."""
    page.click("main button[value=save], main button[value=submit]")
    page.wait_for_url(address)


def record_a_supplier(page: Page) -> None:
    page.goto("/suppliers")
    page.click("main a[href^='/supplier/new']")
    page.fill("#kvk", "9999 4321")
    page.fill("#name", "Schildersbedrijf De Kwast")
    press(page, "**/supplier/*")


def record_its_certificate(page: Page) -> None:
    page.click("main a[href^='/certificate/new']")
    page.fill("#number", "PSO-1")
    page.select_option("#level", "2")
    page.fill("#valid_from", f"1-1-{YEAR}")
    page.fill("#valid_until", f"30-6-{YEAR}")
    page.select_option("#checked", "yes")
    assert KVK in page.input_value("#kvk")
    press(page, "**/certificate/*")


def record_a_contract(page: Page) -> None:
    page.goto("/contracts")
    page.click("main a[href^='/contract/new']")
    page.fill("#number", "2026/001 a")
    page.fill("#title", "Buitenschilderwerk Zuid")
    page.select_option("#supplier", KVK)
    page.fill("#contract_sum", "1.250.000")
    page.fill("#percentage", "5%")
    page.fill("#starts_on", f"1 januari {YEAR}")
    page.fill("#ends_on", f"31-12-{YEAR + 1}")
    page.select_option("#rate_table", "utrecht-2024")
    page.select_option("#policy", "level-2-exempts")
    expect(page.locator("#preview .effect")).to_be_visible()
    press(page, "**/contracts/**")


def extend_it(page: Page) -> None:
    page.click("main details.menu summary")
    page.click("main a[href$='/amendments/new']")
    page.select_option("#kind", "extension")
    page.fill("#new_end", f"30-6-{YEAR + 2}")
    page.fill("#amount", "100.000")
    expect(page.locator("#preview .effect")).to_be_visible()
    press(page, "**/contracts/**")


def log_ten_placements(page: Page) -> None:
    """The first is typed, the others are copies of it for another person."""
    page.click("a[href$='/placements/new']")
    page.select_option("#block", "participatiewet")
    page.fill("#starts_on", f"1-2-{YEAR}")
    page.fill("#hours", "28,8")
    for person in PERSONS:
        page.fill("#person", person)
        press(page, "**/contribution/*")
        if person != PERSONS[-1]:
            page.click("a[href*='copy=']")


def open_placement(page: Page, contract: str, reference: str) -> None:
    page.goto(contract)
    page.locator("#contributions a[href^='/contribution/']", has_text=reference).first.click()


def correct_one(page: Page, contract: str) -> None:
    open_placement(page, contract, "P3")
    page.click("main a[href$='/correct']")
    page.fill("#hours", "32")
    press(page, "**/contribution/*")


def withdraw_one(page: Page, contract: str) -> None:
    open_placement(page, contract, "P7")
    page.click("main details.confirm summary")
    page.click("form[action$='/withdraw'] button")
    page.wait_for_url("**/contribution/*")


def approve_the_others(page: Page) -> int:
    """How many there were."""
    approved = 0
    page.goto("/contributions/to-judge")
    while page.locator("tbody a[href^='/contribution/']").count():
        page.locator("tbody a[href^='/contribution/']").first.click()
        page.click("form[action$='/approve'] button")
        expect(page.locator(".state-green").first).to_be_visible()
        approved += 1
        page.goto("/contributions/to-judge")
    return approved


def issue_a_statement(page: Page, folder: Path) -> bytes:
    page.click("main a[href*='/statement']")
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_url("**/statements/*")
    with page.expect_download() as download:
        page.locator("main a[href$='.pdf']").first.click()
    download.value.save_as(folder / "statement.pdf")
    return (folder / "statement.pdf").read_bytes()


def assess(app: Flask, corporation: str) -> dict[str, Any]:
    """What the command line says."""
    arguments = ["assess", "2026/001 a", "--corporation", corporation, "--on", today().isoformat()]
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.stdout))


def attached_assessment(paper: bytes) -> Any:
    with pikepdf.open(BytesIO(paper)) as pdf:
        return json.loads(pdf.attachments["assessment.json"].get_file().read_bytes())


def test_the_first_week(visit: Visit, site: Site, corporation: str, tmp_path: Path) -> None:
    leader = visit(LEADER)
    record_a_supplier(leader)
    record_its_certificate(leader)
    record_a_contract(leader)
    contract = leader.url
    assert figures_on(leader)["gross_cents"] == 62_500_00
    extend_it(leader)
    assert figures_on(leader)["gross_cents"] == 67_500_00
    log_ten_placements(leader)
    correct_one(leader, contract)
    withdraw_one(leader, contract)
    assert approve_the_others(visit(COLLEAGUE)) == 9

    leader.goto(contract)
    shown = figures_on(leader)
    paper = issue_a_statement(leader, tmp_path)

    said = site.make(lambda app: assess(app, corporation))
    assert shown == {key: said[key] for key in FIGURES.split()}
    assert said["credited_cents"] > 0 < said["exempted_cents"]
    assert sorted(each["status"] for each in said["contributions"]) == ["approved"] * 9 + ["withdrawn"]
    assert attached_assessment(paper) == said
    assert site.do(lambda: verify(paper)).is_valid
