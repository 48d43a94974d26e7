"""The sentence of every code: the one place where a refusal gets its words, in the reader's language.

`sentence(error)` serves forms, error pages, the import and the command line. A sentence says what to do, not only what
is wrong. A test finds every code in the source and fails when it has no sentence, or when the sentence needs a value
that the error lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.web.formats import day_long, euro, number


class Coded(Protocol):
    """An error with a code and the values of its sentence: `RuleError`, `DomainError`."""

    @property
    def code(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...


# What anybody may meet.
GENERAL = {
    "not_found": _l("This does not exist, or it is not for you."),
    "stale": _l("Somebody changed this in the meantime. Reload the page and look at it again."),
    "bsn": _l("This looks like a citizen service number (BSN), which may not stand here. Use a reference of your own."),
}

# What people type (parsing.py).
TYPED = {
    "amount_unclear": _l("“%(typed)s” is not clear as an amount. Write it like 1250.50 or 1,250.50."),
    "amount_in_parts_of_cents": _l("An amount has at most two decimals."),
    "amount_too_large": _l("“%(typed)s” is too large for an amount."),
    "hours_unclear": _l("“%(typed)s” is not clear as a number of hours. Write it like 28.8."),
    "percentage_unclear": _l("“%(typed)s” is not clear as a percentage. Write it like 5 or 2.5."),
    "too_many_decimals": _l("“%(typed)s” has too many decimals: at most %(decimals)s."),
    "date_unclear": _l("“%(typed)s” is not clear as a date. Write it like 14-05-2026 or 14 May 2026."),
    "kvk_unclear": _l("“%(typed)s” is not a KvK number: it has eight digits."),
    "text_too_long": _l("This is too long: at most %(longest)s characters."),
    "date_does_not_exist": _l("The day “%(typed)s” does not exist. Write the day before the month, like 14-05-2026."),
}

# Accounts (app/accounts).
ACCOUNTS = {
    "account_elsewhere": _l(
        "%(name)s works for others too, so this is not yours alone to remove. Ask whoever runs the product."
    ),
    "code_wrong": _l("This code is not right, or it was used already. Wait for the next one and try again."),
    "enrolment_too_old": _l("This page was open too long. Begin again: you get another picture and key."),
    "last_second_factor": _l("You need a second step to log in. Add another one first; then this one can go."),
    "no_access": _l("%(name)s has no access yet, or not any more."),
    "no_second_factor": _l("There is no second step to change: the log-in is by password alone."),
    "own_second_factor": _l("Your own second step you change in your own account."),
    "passkey_refused": _l("This passkey did not prove that it is you. Try again, or use another way."),
    "provider_silent": _l("%(name)s does not answer. Try again in a moment, or log in with your password."),
    "provider_unclear": _l("%(name)s did not say clearly who you are. Go back to log-in and try again."),
    "email_unclear": _l("“%(typed)s” is not an e-mail address. Write it like name@organisation.nl."),
    "name_missing": _l("Give a name."),
    "name_too_long": _l("A name has at most %(longest)s characters."),
    "no_such_corporation": _l("There is no corporation with KvK number %(kvk)s. Make it first."),
    "no_such_supplier": _l("%(corporation)s has no supplier with KvK number %(kvk)s. Import or add it first."),
    "no_such_user": _l("There is no user with the address %(email)s."),
    "password_known": _l("This is among the first passwords that others try. Choose a few words of your own in a row."),
    "password_too_long": _l("A password has at most %(longest)s characters."),
    "password_too_short": _l(
        "A password has at least %(shortest)s characters. A few words in a row are easy to remember."
    ),
    "role_needs_supplier": _l("The role supplier needs a supplier: say which, with its KvK number."),
    "role_without_supplier": _l("Only the role supplier names a supplier. Leave it out, or choose that role."),
    "already_member": _l("Somebody with this address and this role stands in the list of people. Change that entry."),
    "end_in_past": _l("This day is over. Give today or a later day."),
    "mandate_needs_organisation": _l("An assessor judges for another organisation: say which."),
    "mandate_needs_reason": _l("Say why this organisation judges for the corporation."),
    "mandate_needs_contracts": _l("Name at least one contract, or choose all contracts."),
    "no_such_contracts": _l("There is no contract %(numbers)s here. Write each number as it stands in the list."),
    "guest_needs_end": _l("An auditor or assessor is a guest: give a last day."),
    "last_administrator": _l(
        "%(name)s is the last administrator of %(corporation)s. First make somebody else administrator, for at least as"
        " long."
    ),
    "not_invited": _l("No invitation of this person is waiting any more. Look at the list of people."),
    "role_needs_supplier_chosen": _l("Choose the supplier that this person works for."),
    "supplier_not_recorded": _l("This supplier is no longer in your list. Choose another."),
}

# The settings of a corporation (app/organisation).
ORGANISATION = {
    "whole_number_unclear": _l("Give a whole number from %(least)s to %(most)s."),
    "reminders_unclear": _l("Give at most %(count)s numbers of days from 1 to %(most)s, like 90, 30, 7."),
    "colour_unclear": _l("“%(typed)s” is not clear as a colour. Write it like #0b5a66."),
    "colour_too_light": _l(
        "This colour has a contrast of %(contrast)s with the ground of the pages; %(needed)s is needed to be read."
        " Choose a darker one."
    ),
    "logo_too_large": _l("The logo is too large: at most %(megabytes)s MB. Save it smaller."),
    "logo_too_wide": _l("The logo is too large: at most %(pixels)s pixels wide and high. Save it smaller."),
    "logo_unreadable": _l("This is no picture that can be used. Take a PNG or a JPEG file."),
    "scheme_not_usable": _l("This is no longer there. Choose another."),
}

# Statements (app/statements): what is wrong with a file that claims to be one, and with our own files.
STATEMENTS = {
    "no_such_contract": _l("%(corporation)s has no contract with number %(number)s. Look at how it is written."),
    "statement_file_missing": _l("The file of this statement is gone. Tell the administrator: a back-up has it."),
    "statement_file_changed": _l("The file of this statement was changed. Tell the administrator: a back-up has it."),
    "statement_file_too_large": _l("This file is larger than any statement: at most %(megabytes)s MB."),
    "statement_too_heavy": _l(
        "This PDF unpacks to far more than any statement holds. It is no statement of Wederdienst."
    ),
    "statement_empty": _l("This file is empty: there is nothing in it."),
    "statement_no_pdf": _l("This is no PDF file. Take the file as you received it."),
    "statement_encrypted": _l("This PDF is encrypted. Take the file as you received it."),
    "statement_damaged": _l("This PDF is damaged or was changed: it cannot be read to its end."),
    "statement_kind_unknown": _l(
        "This statement is of a kind that this version of the program does not know: “%(kind)s”. Use a newer one."
    ),
    "statement_draft": _l("This is a draft and no statement: it was issued to nobody."),
    "statement_being_made": _l("Its file is still being made. Finish it first, then it can be withdrawn."),
    "statement_superseded": _l("A later statement has already taken its place."),
    "statement_withdrawn": _l("This statement is withdrawn already."),
    "statement_of_settlement": _l(
        "It says how the contract was settled. Open the settlement again: that withdraws it too."
    ),
    "statement_none": _l("This PDF is no statement of Wederdienst: it does not carry %(name)s."),
    "statement_attachment_unreadable": _l("%(name)s in this PDF is not readable: it was changed."),
    "statement_facts_unreadable": _l(
        "The facts in this PDF cannot be reckoned with; no form of Wederdienst makes such."
    ),
    "statement_attachment_changed": _l("%(name)s in this PDF was changed: its checksum differs."),
    "statement_hash_differs": _l("The attached facts and figures were changed: the document hash is another."),
    "statement_figures_differ": _l("The figures do not follow from the attached facts. These differ: %(figures)s."),
    "statement_paper_differs": _l("The paper was changed: made again from its attachments it is another file."),
    "statement_unsealed": _l(
        "This statement carries no seal: the file alone does not show who made it. Whoever issued it knows: check it at"
        " %(address)s."
    ),
}

# Seals of statements (app/statements): what is wrong with one, or with what the corporation seals with.
SEALS = {
    "seal_broken": _l("This file was changed after it was sealed. Ask who issued it for the file."),
    "seal_not_alone": _l("Something was added to this file after it was sealed. Ask who issued it for the file."),
    "seal_not_whole": _l("The seal of this file is not about all of it, so it shows nothing."),
    "seal_changes_more": _l("What came into this file with its seal is more than a seal."),
    "seal_of_another": _l("This is a paper of %(corporation)s, and the seal on it is that of %(name)s."),
    "seal_names_another": _l(
        "What seals the statements (%(file)s) names another KvK number: %(kvk)s. The administrator puts that of the"
        " corporation in its place."
    ),
    "seal_out_of_time": _l("This file was sealed when the certificate was not valid."),
    "seal_missing": _l("What seals the statements is not there: %(file)s. The administrator puts it in its place."),
    "seal_unreadable": _l(
        "What seals the statements may not be read: %(file)s. The administrator gives the product access to it."
    ),
    "seal_closed": _l(
        "What seals the statements cannot be opened: %(file)s. The administrator looks at its passphrase"
        " (WEDERDIENST_SEAL_PASSPHRASE), and whether it is a PKCS#12 file."
    ),
    "seal_without_key": _l(
        "What should seal the statements cannot: %(file)s needs an RSA or EC key and its certificate. The administrator"
        " replaces it."
    ),
    "seal_expired": _l(
        "The certificate that seals the statements expired on %(day)s: %(file)s. The administrator replaces it."
    ),
    "seal_not_yet_valid": _l(
        "The certificate that seals the statements is valid from %(day)s: %(file)s. Wait, or let the administrator"
        " replace it."
    ),
    "seal_cannot_be_made": _l(
        "A certificate to seal statements with cannot be made: %(file)s. The administrator looks at the folder."
    ),
    "seal_time_stamp": _l(
        "The time-stamp server %(address)s gave no stamp, so the statement is not sealed yet. Its number and figures"
        " are kept; its file can be made later."
    ),
    "certificate_unreadable": _l("%(file)s holds no certificate. Take the PEM file that the corporation gave you."),
}

# Files that are read from the command line, rate tables and policies (app/schemes).
SCHEMES = {
    "file_no_text": _l("%(file)s is no text. Save it as UTF-8."),
    "file_unreadable": _l("%(file)s cannot be read. Look at its name and its folder."),
    "file_unwritable": _l("%(file)s cannot be written. Look at the folder."),
    "folder_missing": _l("The folder %(folder)s is not there. Make it first, or choose another."),
    "no_such_policy": _l("There is no policy “%(scheme)s”. Look at the id, or add the policy first."),
    "no_such_rate_table": _l("There is no rate table “%(scheme)s”. Look at the id, or add the table first."),
    "document_kind_unclear": _l(
        "This is no rate table and no policy: a table has family and [[block]], a policy has [applies] and [exemption]."
    ),
    "scheme_bonus_alone": _l("This bonus goes only with blocks that are left out. Leave it out too."),
    "scheme_changed": _l("“%(scheme)s” is there already and says something else. Give a new version a new id."),
    "scheme_in_use": _l(
        "“%(scheme)s” is named by contracts and stays, or their figures would have no ground. It is in nobody's way:"
        " new contracts can name another. Or let these contracts name another first."
    ),
    "scheme_is_default": _l(
        "“%(scheme)s” is what new contracts of a corporation begin with. Choose another in its settings first."
    ),
    "scheme_layout": _l(
        "The layout of this file is too unusual to be copied here. Download it, change it, and import it under a new"
        " id."
    ),
    "scheme_not_shown": _l("You changed something after you looked. This is what it would be now."),
    "scheme_shipped": _l("“%(scheme)s” is the id of one that comes with the product. Choose another id."),
    "scheme_text_missing": _l("Choose a file, or paste its text."),
    "scheme_too_large": _l("This file is too large: at most 1 MB."),
    "scheme_without_blocks": _l("A table has one building block at least. Keep one."),
}

# Workbooks (app/workbook): the file, its sheets and headings, its cells, its rows together; then what is no fault.
WORKBOOK = {
    "bsn_in_file_name": _l("The name of the file looks like a citizen service number (BSN). Give it another name."),
    "may_not_import": _l("%(email)s may not import here. A project leader or an administrator can."),
    "workbook_cell_too_far": _l(
        "On the sheet “%(sheet)s” something stands beyond row %(rows)s or column %(columns)s. Remove what stands there."
    ),
    "workbook_empty": _l("The workbook is empty. Fill in the template."),
    "workbook_has_faults": _l("Faults in the workbook: %(number)s. Nothing of it was kept."),
    "workbook_old_or_locked": _l(
        "This is an old kind of workbook, or it has a password. Save it as .xlsx without a password."
    ),
    "workbook_too_large": _l("The workbook is too large: at most %(megabytes)s MB. Divide it over several."),
    "workbook_unreadable": _l("This is no workbook that can be read. Open it in Excel and save it as .xlsx."),
    "sheet_twice": _l("This sheet stands here twice, also as “%(other)s”. Put the rows on one."),
    "unknown_sheet": _l("This sheet is not known. Remove it, or give it one of these names: %(known)s."),
    "unknown_sheet_nearest": _l(
        "This sheet is not known. Did you mean “%(nearest)s”? Give it that name, or remove it."
    ),
    "column_missing": _l("This column is needed and is missing. Add it."),
    "column_twice": _l("This column stands here twice. Remove one of the two."),
    "unknown_column": _l("This column is not known here. Remove it, or give it one of these names: %(known)s."),
    "unknown_column_nearest": _l(
        "This column is not known here. Did you mean “%(nearest)s”? Give it that name, or remove it."
    ),
    "cell_empty": _l("This must be filled in."),
    "cell_error": _l("Here stands an error of Excel. Correct the formula, or type the value."),
    "cell_merged": _l("This cell is merged with another. Unmerge them, and give each its own value."),
    "cell_without_heading": _l("Here stands something in a column without a heading. Give it one, or remove it."),
    "cell_without_result": _l("Here stands a formula without a result. Open the workbook in Excel and save it."),
    "choice_unknown": _l("“%(typed)s” is not known here. Choose one of: %(allowed)s."),
    "hours_without_day": _l(
        "“%(typed)s” has no day from which it holds. Write a series like 20; 2025-05-01: 32, each change with its day."
    ),
    "text_is_no_text": _l("Excel keeps this as a date or as something else that is no text. Format it as text."),
    "contract_other_supplier": _l(
        "This contract has placements of the supplier with KvK number %(kvk)s and stays with it. Use another number."
    ),
    "no_such_project_leader": _l(
        "%(corporation)s has no project leader with the address %(email)s. Add the user first, or leave this empty."
    ),
    "row_twice": _l("This is the same as row %(other)s. Keep one of the two."),
    "aspirant_again": _l("This is period %(number)s as aspirant of KvK number %(kvk)s; it may be extended once."),
    "day_stays": _l("%(day)s was recorded before and stays, though it is empty here."),
    "other_version_in_force": _l(
        "On %(day)s the version in force was “%(meant)s”; here stands “%(table)s”. Look at which one was agreed."
    ),
    "state_stays": _l("This stays as it was judged in the meantime: %(status)s."),
    "waiting_withdrawn": _l("Version %(version)s was still waiting and has made way for this one."),
}

# Contracts and amendments (app/contracts).
CONTRACTS = {
    "amendment_of_nothing": _l("Give an amount above zero."),
    "amendment_with_minus": _l("Leave out the minus: what kind of change it is says what is added and taken off."),
    "contract_has_contributions": _l(
        "On this contract stand contributions (%(references)s), which stay readable. Withdraw what should not count and"
        " end the contract instead."
    ),
    "contract_has_statements": _l(
        "A statement was made of this contract, so it stays readable. End the contract instead."
    ),
    "day_taken": _l("Another change without a reference takes effect on %(day)s. Give this one a reference."),
    "end_before_amendments": _l(
        "Amendments take effect after this day (%(names)s): what they owe would stay owed in full. Delete them first,"
        " or give them an earlier day, and end the contract then."
    ),
    "end_moved_again": _l("A change that takes effect later moves the end to %(end)s. Give a later day here."),
    "end_not_earlier": _l("The contract already ends on %(end)s. Give an earlier day, or choose an extension."),
    "extension_not_later": _l(
        "The contract already runs until %(end)s. Give a later day, or choose that it ends earlier."
    ),
    "number_taken": _l("Contract %(number)s is there already: %(title)s. Give this one another number."),
    "reference_taken": _l("The contract already has a change %(reference)s. Give this one another reference."),
    "supplier_stays": _l(
        "On this contract stand contributions of its supplier (%(references)s), so it stays with that one. Add a new"
        " contract for the other."
    ),
    "table_does_not_fit": _l(
        "In “%(table)s” there is no place for these contributions: %(references)s. Correct them first, or choose a"
        " table with their building blocks."
    ),
}

# Suppliers and their certificates (app/suppliers).
SUPPLIERS = {
    "certificate_known": _l(
        "Certificate %(number)s with first day %(day)s is recorded already. Edit that one, or look at the number."
    ),
    "check_in_future": _l("The check cannot be later than today, %(day)s."),
    "check_too_early": _l("This is more than a year before the first day, %(day)s. Look at the year of both."),
    "kvk_too_many": _l("These are too many KvK numbers for one certificate: at most %(most)s."),
    "supplier_has_contracts": _l(
        "%(name)s has contracts: %(named)s. Delete those first if they were recorded by mistake; else the supplier"
        " stays."
    ),
    "supplier_has_users": _l(
        "These people log in for %(name)s: %(named)s. Ask the administrator to take that away from them first."
    ),
    "supplier_known": _l("You have recorded KvK number %(kvk)s already, as %(name)s. Change that one."),
}

# Contributions (app/contributions).
CONTRIBUTIONS = {
    "amount_not_above_zero": _l("The amount must be above zero."),
    "amount_not_used": _l("“%(block)s” does not count by an amount. Leave this empty."),
    "quantity_not_used": _l("“%(block)s” does not count by a quantity. Leave this empty."),
    "correction_waits": _l("Version %(version)s of this contribution is still waiting. Go on with that one."),
    "copy_after_end": _l("It would fall outside the period."),
    "copy_goes_on": _l("It goes on: there is nothing to copy."),
    "copy_is_there": _l("It stands there already."),
    "none_of_several": _l("Nothing was done, because not all of it could be. The reason stands beside each."),
    "own_entry": _l("You entered this yourself. A colleague judges it, so that two people have looked at it."),
    "stale_correction": _l(
        "Somebody changed %(reference)s in the meantime. Look at how it stands now; what you send after that replaces"
        " it."
    ),
    "withdraw_approved": _l("This has been approved. Only somebody who may approve it can withdraw it."),
    "wrong_status": _l("This cannot be done any more: look at how it stands now."),
}

# Files and visits (app/evidence), and what the other side says (app/confirmations).
EVIDENCE = {
    "certificate_has_evidence": _l("Evidence stands with this certificate, so it stays readable. Withdraw it instead."),
    "contract_has_evidence": _l("Evidence stands with this contract, so it stays readable. End the contract instead."),
    "evidence_active": _l(
        "“%(file)s” holds scripts, a form that sends, or other files. Print it to a new PDF and send that; send files"
        " in it by themselves."
    ),
    "evidence_changed": _l("The file is no longer what was kept. Tell the administrator: a copy of it is needed."),
    "evidence_empty": _l("“%(file)s” is empty. Choose it again."),
    "evidence_erased": _l("The file of this evidence is erased."),
    "evidence_infected": _l("“%(file)s” is kept out: the virus scanner calls it %(virus)s. Nothing was kept."),
    "evidence_kind": _l("“%(file)s” is no PDF, JPEG or PNG, whatever its name says. Save it as one of these."),
    "evidence_locked": _l("“%(file)s” asks for a password. Save it without one."),
    "evidence_missing": _l("The file is not where it was kept. Tell the administrator: a copy of it is needed."),
    "evidence_mixed": _l("“%(file)s” is two kinds of file at once. Print or save it anew as one of them."),
    "evidence_not_withdrawn": _l("Only a file that is withdrawn can be erased, and only once."),
    "evidence_of_approved": _l(
        "The contribution was approved on this evidence, so it stays. Correct the contribution when it is not right."
    ),
    "evidence_of_checked": _l("The certificate was checked, and this evidence stays with it."),
    "evidence_of_others": _l("Whoever added it, or somebody of the corporation, can withdraw it."),
    "evidence_store_down": _l("The place where files are kept does not answer. Nothing was kept; try again later."),
    "evidence_too_large": _l("“%(file)s” is larger than %(megabytes)s MB. Send a smaller one, or in parts."),
    "evidence_too_wide": _l("“%(file)s” has too many pixels. Save the picture smaller."),
    "evidence_unreadable": _l("“%(file)s” is damaged or unfinished: it cannot be opened. Make or save it again."),
    "evidence_withdrawn": _l("This has been withdrawn already."),
    "look_in_future": _l("This cannot be later than today, %(day)s."),
    "scanner_down": _l("The virus scanner does not answer, so nothing was kept. Try again later."),
}

CONFIRMATIONS = {
    "confirm_enough": _l("%(most)s questions about this are open already. Wait for an answer, or take one back."),
    "confirm_not_fixed": _l(
        "Only what is submitted or approved can be confirmed: a draft may still change, and the rest counts nothing."
    ),
    "confirm_over": _l("This question has been answered, or its link is too old."),
    "confirm_own_address": _l(
        "This address is yours, or of the supplier. Who claims something does not confirm it: give that of the other"
        " side."
    ),
}

# Plans of approach, reports and the handover (app/planning).
PLANNING = {
    "agreement_needs_note": _l("Say how the supplier agreed, for example by which letter and on which day."),
    "contract_has_planning": _l(
        "The contract has a plan, a report or a handover, which stay readable. End the contract instead."
    ),
    "handover_accepted": _l("This has been accepted already."),
    "handover_for_leader": _l("The project leader of the contract accepts what is handed over."),
    "month_unclear": _l("“%(typed)s” is not clear as a month. Write it like 3-2026 or March 2026."),
    "own_plan": _l(
        "You proposed this plan yourself. Somebody else agrees to it, so that two people have looked at it."
    ),
    "period_reported": _l(
        "This period has been reported already, and what was reported stays. Add a remark to that report."
    ),
    "period_runs": _l("This period runs until %(day)s. Report it from that day on."),
    "period_unknown": _l("This is no period of the contract any more. Take one of those on the page of the contract."),
    "persons_out_of_range": _l("Give a whole number of persons, %(least)s to %(most)s."),
    "plan_empty": _l("A plan has one effort at least. Choose a building block."),
    "plan_no_draft": _l("This version of the plan is no draft any more. Look at how it stands now."),
    "plan_not_proposed": _l(
        "This version of the plan does not wait for an answer any more. Look at how it stands now."
    ),
    "plan_of_other_side": _l("The other side proposed this plan. Agree to it, or say why not."),
    "plan_of_own_side": _l("Your own side proposed this plan. The corporation agrees to it."),
    "plan_waits": _l("Version %(version)s of the plan is being written or waits for an answer. Go on with that one."),
    "report_is_nil": _l(
        "Nothing is handed in for this period any more. Look at it again: what is left is a nil report."
    ),
    "report_not_nil": _l(
        "Meanwhile something was handed in for this period, so it is no nil report. Look at it and report it."
    ),
}

# The calculator (app/whatif) and the supplier's own place (app/home).
OWN_PLACE = {
    "certificate_differs": _l(
        "%(corporation)s has recorded certificate %(number)s with first day %(day)s, and it says something else. Ask"
        " your contact there to look at it."
    ),
    "certificate_not_yours": _l("Your own KvK number is not among them: %(own)s. Look at the certificate."),
    "level_from_missing": _l("Give the day from which the certificate is valid."),
    "people_unclear": _l("“%(typed)s” is no number of people. Give a whole number, 1 to %(most)s."),
    "person_twice": _l("This reference stands here twice. Each of them is another person."),
}

# Undoing a deletion (app/history).
HISTORY = {
    "undo_done": _l("This deletion has been undone already."),
    "undo_erased": _l("The log no longer has what was deleted. Record it anew."),
    "undo_ground_gone": _l("What this belongs to was deleted as well. Undo that first."),
    "undo_place_taken": _l(
        "Something else has taken its place meanwhile. Delete or rename that first, or record this anew."
    ),
}

# Samples and what an auditor takes along (app/auditing, app/statements).
AUDITING = {
    "deviation_unexplained": _l("Say in what it deviates."),
    "review_of_oneself": _l("You stand in this list yourself. A colleague signs it."),
    "review_remark_needed": _l("Something is odd in this month: write what was asked and answered."),
    "review_signed": _l("This month is signed already."),
    "day_ahead": _l("%(day)s is yet to come. Choose a day through today."),
    "no_records_then": _l("The audit log has no record from %(first)s through %(last)s."),
    "too_many_records": _l(
        "The audit log has %(number)s records then; an extract takes at most %(most)s. Choose a shorter period, or"
        " download the log as a file."
    ),
    "statement_records_differ": _l("The attached records do not follow each other: record %(sequence)s was changed."),
    "year_ahead": _l("%(year)s is yet to begin."),
    "no_contracts_in_year": _l("No contract runs in %(year)s."),
    "no_contracts_then": _l("The supplier has no contract here that runs between %(first)s and %(last)s."),
    "not_settled": _l(
        "This contract is not settled. Two people settle it first; then its final statement can be issued."
    ),
    "statement_settlement_differs": _l("The settlement that is attached does not follow from the attached facts."),
    "batch_none_ran": _l("No contract that had begun by %(day)s ran in %(year)s. Look at the day."),
    "batch_all_issued": _l(
        "Every contract that ran in %(year)s has its statement as of %(day)s already. To issue them anew, tick the box"
        " below."
    ),
    "batch_all_coming": _l(
        "Every contract that ran in %(year)s gets its statement as of %(day)s from a batch that runs. Wait for it."
    ),
    "batch_all_served": _l(
        "Every contract that ran in %(year)s has its statement as of %(day)s already, or gets it from a batch that"
        " runs. Wait for it."
    ),
    "batch_asker_gone": _l(
        "%(name)s, in whose name this was asked for, may no longer issue statements here. Begin a new batch: what is"
        " issued already is left out of it."
    ),
    "batch_made_elsewhere": _l(
        "This contract got its statement as of that day otherwise meanwhile: %(number)s. Nothing is left to do."
    ),
    "batch_too_large": _l("These are too many at once: at most %(most)s contracts."),
    "batch_done": _l("Nothing is left to stop: all of it is made."),
    "batch_cancelled": _l("This batch was stopped. Choose on its page to go on with the rest."),
    "no_statements": _l("No statement answers to this. Choose others."),
    "nothing_to_draw": _l("No approved contribution answers to this. Choose less narrowly."),
    "period_backwards": _l("The last day lies before the first. Correct one of the two."),
    "seed_unclear": _l(
        "A seed has letters, digits, points, dashes and underscores only, at most %(longest)s. Leave it empty for one"
        " of ours."
    ),
    "size_unclear": _l("Give a number from 1 to %(most)s."),
    "too_few_to_draw": _l("Only %(number)s contributions answer to this. Draw at most so many."),
    "too_many_statements": _l("These are too many for one file: at most %(most)s. Choose less."),
}

# What deserves a look about a contribution (app/rules/checks.py).
CHECKS = {
    "check_above_plan": _l(
        "The plan of approach foresees %(planned_cents)s of “%(block)s”; with this it becomes %(cents)s."
    ),
    "check_age": _l("“%(block)s” holds from the age of %(age)s. Whoever judges it will ask whether that is so."),
    "check_agreed": _l("Whoever judges it will ask for the agreement. Name it in the description."),
    "check_ahead": _l("It lies ahead: it counts from %(day)s on."),
    "check_bonus": _l("Whoever judges it will ask what shows that “%(block)s” holds."),
    "check_bonus_elsewhere": _l(
        "“%(block)s” counts once for a person on a contract, and does so on another placement already."
    ),
    "check_day_maximum": _l("More was agreed than counts: at most %(most_cents)s a day."),
    "check_early": _l("Days before the start of the contract, %(day)s, do not count."),
    "check_entered_late": _l(
        "It ended more than %(months)s months before it was entered. Whoever judges it will ask why."
    ),
    "check_hired_too_early": _l(
        "The first day lies before %(day)s, the earliest on which somebody can be hired for this contract: it counts"
        " nothing."
    ),
    "check_late": _l("Days after the end of the contract, %(day)s, do not count."),
    "check_maximum": _l("It counts until %(day)s: one person counts at most %(months)s months here."),
    "check_maximum_reached": _l("The %(months)s months that one person counts here are over: it counts nothing."),
    "check_no_description": _l("Say in the description what was done or bought, and where: it will be asked."),
    "check_no_end": _l("As long as no last day is known it is reckoned to the end of the contract, %(day)s."),
    "check_no_evidence": _l("Nothing shows yet that it is so. Add a file, or ask the other side to confirm it."),
    "check_not_planned": _l("The plan of approach foresees nothing of “%(block)s”."),
    "check_nothing": _l("It counts nothing: look at the hours and the days."),
    "check_nothing_owed": _l(
        "Nothing is owed on this contract now: the contribution is shown, and takes nothing away."
    ),
    "check_outside": _l("It lies outside the contract, %(first)s to %(last)s: it counts nothing."),
    "check_over_cap": _l("%(cents)s of it is over the cap on activities and is not credited."),
    "check_over_full_time": _l("More than %(hours)s hours a week counts as full time."),
    "check_same_activity": _l("%(reference)s has the same day and the same amount. Look whether this is the same one."),
    "check_same_person": _l(
        "This person also stands in %(reference)s in these days. Look whether this is the same placement."
    ),
    "check_subsidy": _l("With this building block the wage-cost subsidy changes nothing."),
    "check_subsidy_ends": _l("It counts until %(day)s, the last day of the wage-cost subsidy."),
    "check_subsidy_missing": _l(
        "As long as a wage-cost subsidy runs it counts on. Fill in the last day of the subsidy, when there is one."
    ),
    "check_surplus": _l(
        "The forecast is then %(cents)s over what is owed. A surplus is not moved to another contract."
    ),
}

# What the rule book refuses of facts (app/rules/faults.py and obligation.py).
FACTS = {
    "amendment_after_end": _l(
        "This change takes effect after the end of the contract. Give an earlier day or a new end."
    ),
    "amount_below_zero": _l("The amount may not be below zero."),
    "amount_missing": _l("The building block “%(block)s” needs an amount."),
    "amount_too_high": _l("The amount is too high. Look at the separators."),
    "base_amount_missing": _l("Give the amount over which the percentage is reckoned, or choose the contract sum."),
    "block_of_activities": _l("“%(block)s” is for activities. Choose a building block for placements."),
    "block_of_placements": _l("“%(block)s” is for placements. Choose a building block for activities."),
    "bonus_not_on_block": _l("The bonus “%(bonus)s” does not go with “%(block)s”. It goes with: %(allowed)s."),
    "bonus_twice": _l("A bonus stands here twice. Name each one once."),
    "bonus_without_placement": _l("“%(block)s” is a bonus. Claim it on the placement that it belongs to."),
    "certificate_too_long": _l("A certificate is valid at most two years: here until %(latest)s. Look at both days."),
    "certificate_without_kvk": _l("Give the KvK number, or numbers, of the supplier that the certificate covers."),
    "day_out_of_range": _l("The day must lie between %(first)s and %(last)s. Look at the year."),
    "double_reference": _l("This reference stands in the contract twice. Give one of them another."),
    "end_before_start": _l("The end lies before the start (%(starts_on)s). Correct one of the two."),
    "hours_from_first_day": _l("Give the hours a week from the first day (%(starts_on)s) on."),
    "hours_out_of_order": _l(
        "The hours from %(day)s are out of order. Give each change a later day than the one before."
    ),
    "hours_out_of_range": _l("%(hours)s hours a week cannot be: it is 0 to %(most)s."),
    "less_work_below_zero": _l(
        "On %(day)s more work is taken off than there is. Let it begin earlier, or give a smaller amount."
    ),
    "new_end_before_start": _l(
        "The new end lies before the start of the contract (%(starts_on)s). Correct the new end."
    ),
    "percent_below_zero": _l("%(percent)s cannot be: a percentage is not below zero."),
    "percent_not_above_zero": _l("%(percent)s cannot be: give a percentage above zero."),
    "percent_out_of_range": _l("%(percent)s cannot be: give a percentage up to 100."),
    "quantity_missing": _l("The building block “%(block)s” needs a quantity (hours or days)."),
    "quantity_not_above_zero": _l("The quantity must be above zero."),
    "share_over_100": _l("On %(day)s the shares of this person come to %(percent)s%%. Together they may be 100%%."),
    "unknown_block": _l("The rate table “%(table)s” has no building block “%(block)s”. Choose one of the table."),
    "unknown_bonus": _l("The rate table “%(table)s” has no bonus “%(bonus)s”. Choose one of the table."),
    "unknown_rules": _l(
        "These facts were made for rule book %(rules)s, which this version does not have. Use a newer one."
    ),
    "dossier_unreadable": _l("This is not a readable dossier."),
}

# What is wrong with a rate table or policy in TOML (app/rules/documents.py and tables.py).
DOCUMENTS = {
    "document_syntax": _l(
        "This is not valid TOML. Look for a missing quotation mark or bracket, or a key that stands twice."
    ),
    "document_bonus_per": _l("A bonus is per year or once."),
    "document_choice": _l("Choose one of: %(allowed)s."),
    "document_control_character": _l("A line break or another sign that nobody sees may not stand here."),
    "document_double_code": _l("Two blocks have the same code. Give one another."),
    "document_level_order": _l("A higher level may not exempt less than a lower one."),
    "document_missing_key": _l("This key is needed and is missing."),
    "document_no_date": _l("Give a date, like 2026-05-14."),
    "document_no_identifier": _l("Give a short name of lower-case letters, digits, points and dashes."),
    "document_no_number": _l("Give a number."),
    "document_no_table": _l("This must be a table."),
    "document_no_tables": _l("This must be a list of one or more tables."),
    "document_no_text": _l("Give a text, in quotes, of at most %(longest)s characters."),
    "document_no_texts": _l("Give a list of texts, each in quotes."),
    "document_no_whole_number": _l("Give a whole number."),
    "document_no_yes_or_no": _l("Give true or false."),
    "document_once_without_bonus": _l("Only a bonus is given once."),
    "document_only_with_unknown": _l("“%(block)s” is no building block for placements of this table."),
    "document_only_with_without_bonus": _l("Only a bonus names the blocks that it goes with."),
    "document_out_of_range": _l("The number is too low or too high: at most %(at_most)s."),
    "document_parts_of_cents": _l("An amount has at most two decimals."),
    "document_too_many_decimals": _l("The number has too many decimals: at most %(decimals)s."),
    "document_too_many_tables": _l("There are too many of these: at most %(most)s."),
    "document_unknown_key": _l("This key is not known here. Look at how it is spelled."),
    "document_unreasonable": _l("A number here is too long, or brackets stand in too many brackets."),
}

# Signals and conversations (app/signals).
SIGNALS = {
    "contract_has_conversations": _l(
        "Conversations about the contract are recorded, which stay readable. End the contract instead."
    ),
    "conversation_ahead": _l("A conversation that is recorded has taken place: the day lies ahead."),
    "due_before_conversation": _l("What is agreed is done after the conversation, not before it."),
    "rest_out_of_range": _l("Choose a day after today, at most %(days)s days ahead."),
    "signal_over": _l("This signal is over, or its facts have changed. Look at the contract again."),
}

# The end of a contract (app/closing).
CLOSING = {
    "already_settled": _l("The contract is settled, or a settlement waits. Withdraw it first."),
    "asked_in_future": _l("This day is still to come."),
    "asked_too_early": _l("Ask from %(day)s on: three months after the placement ended."),
    "contract_has_settlement": _l("The contract has a settlement, which stays readable, and so does the contract."),
    "contributions_wait": _l("Contributions wait for a judgement. Approve or reject them first."),
    "excuse_decided": _l("The excuse is agreed to already. Withdraw it first."),
    "excuse_undecided": _l("An excuse is proposed. A colleague agrees to it first, or it is withdrawn."),
    "instalment_below_zero": _l("The last instalment is 0 or more."),
    "instalment_missing": _l("Fill in the last instalment; nothing left to pay is 0."),
    "no_excuse": _l("No excuse is proposed."),
    "no_settlement": _l("No settlement is proposed."),
    "nothing_to_excuse": _l("Nothing is short after the term, so there is nothing to excuse."),
    "own_excuse": _l("You proposed this excuse yourself, so a colleague decides about it."),
    "own_settlement": _l("You proposed this settlement yourself, so a colleague confirms it."),
    "placement_not_approved": _l("Only of an approved placement is recorded what became of the person."),
    "placement_too_fresh": _l("From %(day)s on it can be recorded: three months after the placement ended."),
    "repair_period_runs": _l("What is short can be repaired until %(until)s. After that the contract can be settled."),
    "settlement_moved": _l("The figures have changed since it was proposed. Withdraw it and propose it anew."),
    "settlement_waits": _l("Another settlement waits to be confirmed. Confirm it or withdraw it first."),
    "term_not_over": _l("The term runs until %(end)s. After that the contract can be settled."),
}

SENTENCES: dict[str, Any] = {
    **GENERAL,
    **TYPED,
    **ACCOUNTS,
    **ORGANISATION,
    **STATEMENTS,
    **SEALS,
    **SCHEMES,
    **WORKBOOK,
    **CONTRACTS,
    **SUPPLIERS,
    **CONTRIBUTIONS,
    **EVIDENCE,
    **CONFIRMATIONS,
    **PLANNING,
    **SIGNALS,
    **OWN_PLACE,
    **CLOSING,
    **HISTORY,
    **AUDITING,
    **CHECKS,
    **FACTS,
    **DOCUMENTS,
}


def sentence(error: Coded) -> str:
    """The sentence about this error; about a document, after the line and the key."""
    values = {name: _written(name, value) for name, value in error.values.items()}
    words: str = str(SENTENCES[error.code]) % values
    if "line" not in values:
        return words
    if "key" not in values:
        return str(_("Line %(line)s: %(words)s", line=values["line"], words=words))
    return str(_("Line %(line)s, “%(key)s”: %(words)s", line=values["line"], key=values["key"], words=words))


def _written(name: str, value: Any) -> Any:
    """A value as the reader writes it."""
    if isinstance(value, date):
        return day_long(value)
    if name.endswith("cents") and isinstance(value, int):
        return euro(value)
    return number(value) if isinstance(value, Decimal) else value
