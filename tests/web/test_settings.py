"""The settings of a corporation: its name, colour, logo, and what new contracts begin with; and how pages show them."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, PngImagePlugin
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.models import Corporation, Language, Logo, Role, User
from app.assessments.queries import dossier_of, latest_records
from app.contracts.models import Contract
from app.extensions import db
from app.organisation import colours
from app.organisation.colours import contrast
from app.rules.dossier_json import canonical, dossier_to_json
from app.web.errors import Invalid
from tests import factories as make
from tests.people import client_of
from tests.web.house import House, a_house
from tests.web.matrix import MARKUP, Bad, expect_kept_as_text, expect_refused, opened

UNREADABLE = "This is no picture that can be used"
ROLE_OF_SHEET = re.compile(r"--([a-z-]+):(#[0-9a-f]{6})")


@pytest.fixture
def house(app: Flask) -> House:
    with app.app_context():
        make.rate_table()
        make.policy()
        return a_house(app)


def settings(house: House) -> str:
    return f"/corporation/{house.kvk}/settings"


def corporation(house: House) -> Corporation:
    with house.app.app_context():
        found = db.session.scalars(select(Corporation).where(Corporation.kvk == house.kvk)).one()
        _ = found.logo and found.logo.content
        db.session.expunge_all()
        return found


def save(house: House, **typed: str) -> TestResponse:
    browser = house.browser()
    return browser.post(settings(house), data=opened(browser, settings(house)) | typed)


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 90), mode: str = "RGB", **options: Any) -> bytes:
    made = BytesIO()
    Image.new(mode, size, 200 if mode == "L" else None).save(made, kind, **options)
    return made.getvalue()


def send_logo(house: House, content: bytes, name: str = "logo.png") -> TestResponse:
    answer = house.browser().post(f"{settings(house)}/logo", data={"logo": (BytesIO(content), name)})
    answer.request.environ["wsgi.input"].close()  # the test client leaves the file of a large request open
    return answer


def claimed_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


# What is typed


def test_settings_are_saved(house: House) -> None:
    with house.app.app_context():
        table, policy = make.rate_table().id, make.policy().id
    typed = {"name": "Woonstad  De Brug", "city": "Oosterwijk", "language": "en", "accent": "7A1F4B"}
    assert save(house, **typed, rate_table=str(table), policy=str(policy)).status_code == 302

    stored = corporation(house)
    assert (stored.name, stored.city, stored.language) == ("Woonstad De Brug", "Oosterwijk", Language.ENGLISH)
    assert stored.accent == "#7a1f4b"
    assert (stored.default_rate_table_id, stored.default_policy_id) == (table, policy)


def test_terms_are_saved_and_reminders_put_in_order(house: House) -> None:
    typed = {"reporting_months": "12", "judging_days": "7", "reminder_days": "7; 60 30,7", "retention_months": "18"}
    assert save(house, **typed, requires_second_factor="").status_code == 302

    stored = corporation(house)
    assert (stored.reporting_months, stored.judging_days, stored.retention_months) == (12, 7, 18)
    assert stored.reminder_days == (60, 30, 7)
    assert 'value="60, 30, 7"' in house.browser().get(settings(house)).text


def test_who_logs_in_in_two_steps_is_asked_only_where_the_installation_leaves_it(house: House) -> None:
    asked = 'name="requires_second_factor"'
    assert asked in house.browser().get(settings(house)).text

    usual = house.app.config["WEDERDIENST"]
    house.app.config["WEDERDIENST"] = replace(usual, second_factor="required")
    with house.app.app_context():
        db.session.scalars(select(User)).all()[0].is_demo = True
        db.session.commit()
    assert asked not in house.browser().get(settings(house)).text


def test_another_name_stands_in_the_facts_of_the_contracts(house: House) -> None:
    with house.app.app_context():
        contract = make.contract(db.session.scalars(select(Corporation).where(Corporation.kvk == house.kvk)).one())
        make.dossier(contract, canonical(dossier_to_json(dossier_of(contract))))
        number = contract.id

    save(house, name="De Nieuwe Brug")
    with house.app.app_context():
        parties = dossier_of(db.session.get_one(Contract, number)).parties
        assert parties.corporation_name == "De Nieuwe Brug"
        assert latest_records(db.session, [number])[number].facts_version == 2


def test_what_is_emptied_is_no_choice(house: House) -> None:
    save(house, accent="#7a1f4b", city="Oosterwijk")
    save(house, accent="", city="")

    assert (corporation(house).accent, corporation(house).city) == (None, None)


BAD = [
    Bad("name", "", "Fill this in."),
    Bad("name", "   ", "Fill this in."),
    Bad("name", "x" * 201, "at most 200 characters"),
    Bad("name", "De Brug 111222333", "citizen service number"),
    Bad("city", "x" * 101, "at most 100 characters"),
    Bad("language", "fr", "Choose one of the possibilities"),
    Bad("language", "", "Choose one"),
    Bad("accent", "red", "is not clear as a colour"),
    Bad("accent", "#12345", "is not clear as a colour"),
    Bad("accent", "#ffcc00}body{display:none", "is not clear as a colour"),
    Bad("accent", MARKUP, "is not clear as a colour"),
    Bad("accent", "#ffcc00", "This colour has a contrast of 1.3 with the ground of the pages; 4.5 is needed"),
    Bad("accent", "#767676", "a contrast of 4.1 with"),
    Bad("rate_table", "987654321", "Choose one of the possibilities"),
    Bad("policy", "x" * 300, "Choose one of the possibilities"),
    Bad("reporting_months", "2", "Choose one of the possibilities"),
    Bad("judging_days", "0", "a whole number from 1 to 90"),
    Bad("judging_days", "14,5", "a whole number from 1 to 90"),
    Bad("reminder_days", "90, soon", "at most 6 numbers of days from 1 to 365"),
    Bad("reminder_days", "7 6 5 4 3 2 1", "at most 6 numbers of days"),
    Bad("retention_months", "-24", "a whole number from 1 to 120"),
    Bad("retention_months", "9" * 30, "a whole number from 1 to 120"),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_cannot_be_is_refused(house: House, bad: Bad) -> None:
    browser = house.browser()
    expect_refused(house.app, browser, settings(house), opened(browser, settings(house)), bad)


def test_markup_in_a_name_is_text(house: House) -> None:
    browser = house.browser()
    good = opened(browser, settings(house)) | {"city": "Oosterwijk"}

    assert "&lt;script&gt;" in expect_kept_as_text(browser, settings(house), good, "name")


def test_the_table_of_another_corporation_is_none_to_choose(house: House) -> None:
    with house.app.app_context():
        elsewhere = db.session.scalars(select(Corporation).where(Corporation.name == "Elders")).one()
        foreign = str(make.rate_table("utrecht-2024", corporation=elsewhere).id)
    browser = house.browser()
    good = opened(browser, settings(house))

    expect_refused(
        house.app, browser, settings(house), good, Bad("rate_table", foreign, "Choose one of the possibilities")
    )


def test_two_who_set_the_same_do_not_overwrite_each_other(house: House) -> None:
    browser = house.browser()
    before = opened(browser, settings(house))
    save(house, city="Oosterwijk")

    answer = browser.post(settings(house), data=before | {"city": "Utrecht"})
    assert answer.status_code == 409
    assert corporation(house).city == "Oosterwijk"
    assert browser.post(settings(house), data=before | {"name": "De Brug"}).status_code == 409


def test_another_corporations_settings_are_out_of_reach(house: House) -> None:
    with house.app.app_context():
        other = make.corporation().kvk
    browser, upload = house.browser(), {"logo": (BytesIO(picture()), "x.png")}

    assert browser.get(f"/corporation/{other}/settings").status_code == 404
    assert browser.post(f"/corporation/{other}/settings/logo", data=upload).status_code == 404
    assert browser.get("/corporation/99998888/settings").status_code == 404


# The logo


@pytest.mark.parametrize(
    "content",
    [
        picture(),
        picture("JPEG"),
        picture("JPEG", mode="CMYK"),
        picture("PNG", mode="RGBA"),
        picture("PNG", mode="P"),
        picture("PNG", mode="I;16"),
        picture("JPEG", mode="L"),
        picture(size=(4000, 40)),
    ],
)
def test_a_logo_is_kept_as_a_png_of_our_own(house: House, content: bytes) -> None:
    assert send_logo(house, content, "whatever.exe").status_code == 302

    answer = house.browser().get(f"/corporation/{house.kvk}/logo")
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    with Image.open(BytesIO(answer.data)) as shown:
        assert shown.format == "PNG"
        assert max(shown.size) <= 800


def test_what_stands_beside_the_picture_does_not_come_along(house: House) -> None:
    secret = PngImagePlugin.PngInfo()
    secret.add_text("Author", "a hidden name")
    exif = Image.Exif()
    exif[0x013B] = "a hidden name"
    for content in (picture(pnginfo=secret), picture("JPEG", exif=exif, comment=b"a hidden name")):
        assert b"hidden" in content
        send_logo(house, content)
        kept = corporation(house).logo
        assert kept
        assert b"hidden" not in kept.content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file."),
        (b"no picture at all", UNREADABLE),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', UNREADABLE),
        (picture("GIF", mode="P"), UNREADABLE),
        (picture(size=(3000, 3000))[:1000], UNREADABLE),
        (claimed_png(20_000, 20_000), UNREADABLE),
        (claimed_png(9_000, 9_000), "at most 4000 pixels"),
        (claimed_png(4_001, 10), "at most 4000 pixels"),
        (picture() + bytes(2 * 1024 * 1024), "at most 1 MB"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), UNREADABLE),
    ],
    ids=["nothing", "text", "svg", "gif", "cut", "bomb", "large", "wide", "2 MB", "head only"],
)
def test_what_is_no_logo_is_refused(house: House, content: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    answer = send_logo(house, content, "logo.png" if content else "")

    assert answer.status_code == 422
    assert re.search(f'id="logo-error">[^<]*{words}', answer.text)
    assert corporation(house).logo is None


def test_another_logo_takes_the_place_of_the_first(house: House) -> None:
    send_logo(house, picture())
    send_logo(house, picture(size=(100, 100)))

    with house.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Logo)) == 1
    logo = corporation(house).logo
    assert logo
    assert (logo.width, logo.height) == (100, 100)


def test_a_logo_is_removed_but_not_from_who_has_the_same(house: House) -> None:
    send_logo(house, picture())
    with house.app.app_context():
        other = make.corporation(logo_sha256=corporation(house).logo_sha256).kvk
    browser = house.browser()
    browser.post(f"{settings(house)}/logo/remove", data={"version": opened(browser, settings(house))["version"]})

    assert corporation(house).logo_sha256 is None
    assert browser.get(f"/corporation/{house.kvk}/logo").status_code == 404
    with house.app.app_context():
        assert db.session.scalars(select(Corporation).where(Corporation.kvk == other)).one().logo


def test_only_the_people_of_a_corporation_see_its_logo(house: House) -> None:
    send_logo(house, picture())
    with house.app.app_context():
        stranger = make.user(Role.ADMINISTRATOR).id
    address = f"/corporation/{house.kvk}/logo"

    assert client_of(house.app, house.stored(Role.SUPPLIER).user_id).get(address).status_code == 200
    assert client_of(house.app, stranger).get(address).status_code == 404
    assert house.app.test_client().get(address).status_code == 302


def test_logos_work_on_both_databases(both_databases: Flask) -> None:
    with both_databases.app_context():
        house = a_house(both_databases)
    send_logo(house, picture())
    send_logo(house, picture("JPEG", size=(50, 50)))

    assert house.browser().get(f"/corporation/{house.kvk}/logo").status_code == 200


# What pages show


def test_pages_wear_the_house_style_of_their_corporation(house: House) -> None:
    send_logo(house, picture())
    save(house, accent="#7a1f4b")

    for role in (Role.PROJECT_LEADER, Role.SUPPLIER):
        text = client_of(house.app, house.stored(role).user_id).get("/account").text
        assert '<link rel="stylesheet" href="/accent/7a1f4b.css">' in text
        assert f'src="/corporation/{house.kvk}/logo?v=' in text
    assert "/accent/" not in house.app.test_client().get("/login").text


def test_who_belongs_to_several_sees_the_style_on_the_pages_of_one(house: House) -> None:
    save(house, accent="#7a1f4b")
    with house.app.app_context():
        make.membership(db.session.get_one(User, house.administrator_id), Role.PROJECT_LEADER)
    browser = house.browser()

    assert "/accent/" not in browser.get("/account").text
    assert "/accent/7a1f4b.css" in browser.get(settings(house)).text


def test_an_accent_is_a_style_sheet_that_may_be_kept_for_a_year(house: House) -> None:
    answer = house.app.test_client().get("/accent/7a1f4b.css")

    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert "--accent:#7a1f4b" in answer.text


@pytest.mark.parametrize("wrong", ["7A1F4B", "7a1f4", "7a1f4bb", "red", "7a1f4b}", "..%2f"])
def test_what_is_no_colour_is_no_style_sheet(house: House, wrong: str) -> None:
    assert house.app.test_client().get(f"/accent/{wrong}.css").status_code == 404


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_that_is_taken_can_be_read_wherever_it_stands(number: int) -> None:
    typed = f"#{number:06x}"
    try:
        accent = colours.colour(typed)
    except Invalid:
        assert contrast(typed, "#f4f6f8") < 4.5
        return
    light, dark = colours.light(accent), colours.dark(accent)
    for tints, grounds in ((light, ("#ffffff", "#f4f6f8")), (dark, ("#18212a", "#10171d"))):
        pairs = [(tints["accent"], ground) for ground in (*grounds, tints["accent-pale"])]
        pairs += [(tints["accent-deep"], ground) for ground in (*grounds, tints["accent-pale"])]
        pairs += [(tints["on-accent"], tints["accent"]), (tints["on-accent"], tints["accent-deep"])]
        assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#0b5a66", "#0b5a66") == 1


def test_the_sheet_speaks_of_the_roles_of_ours(house: House) -> None:
    found = ROLE_OF_SHEET.findall(house.app.test_client().get("/accent/0b5a66.css").text)

    assert {name for name, _ in found} == {"accent", "on-accent", "accent-deep", "accent-pale"}
