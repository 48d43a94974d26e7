"""No text for people is hard-coded, and the check would tell."""

from __future__ import annotations

import pytest

from tools import texts

BAD_TEMPLATE = """
{% extends "base.html" %}
{% set heading = "Your contracts" %}
<h1 class="page title" title="{{ _('Contract') }} here">{{ heading }}</h1>
{# A comment
   is for us. #}
<p>{{ _("Good %(name)s", name=name) }} · Wederdienst
  and more
</p>
<input type="submit" value="Save"><button type="submit" value="save">{{ _("Save") }}</button>
<input type="text" value="data of the page" placeholder="Type here" aria-label="{{ _('Search') }}">
<td data-label="Amount">{{ "Met" if met else _("Not met") }}</td>
"""
BAD_MODULE = '''
"""A docstring is for us."""
class LogIn(FlaskForm):
    email = StringField("E-mail address", [Length(max=9, message="Too long")], description=_l("Yours."))
    amount = Typed(_l("Amount"), parse, description="In euro.")

def view(number):
    """Another."""
    flash(_("Saved.") if number else "Not saved.")
    click.echo(f"{number} contracts")
    click.echo(f"{number} {view(number)}")
    title = f"{number}: {_('loaded')}"
    form.form_errors.append("Something is wrong.")
    raise ValidationError(f"{number} is too much")
'''


def test_every_hard_coded_text_of_a_template_is_named_with_its_line() -> None:
    assert texts.in_template(BAD_TEMPLATE) == [
        (3, "Your contracts"),
        (4, "here"),
        (7, "· Wederdienst and more"),
        (10, "Save"),
        (11, "Type here"),
        (12, "Amount"),
        (12, "Met"),
    ]


def test_every_hard_coded_text_of_a_module_is_named_with_its_line() -> None:
    assert texts.in_code(BAD_MODULE) == [
        (4, "E-mail address"),
        (4, "Too long"),
        (5, "In euro."),
        (9, "Not saved."),
        (10, " contracts"),
        (12, "_('loaded')"),
        (13, "Something is wrong."),
        (14, " is too much"),
    ]


@pytest.mark.parametrize("text", ["Wederdienst", "PSO 30+", "· – €", "%", "12", "SHA-256", "/", "not_found"])
def test_what_is_the_same_in_every_language_is_no_fault(text: str) -> None:
    assert not texts.is_for_translation(text)


def test_the_product_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert texts.check() == 0, capsys.readouterr().out
