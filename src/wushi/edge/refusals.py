"""The only place with sentences for refusals: code -> status and words that say what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wushi.kernel.errors import DomainError

SENTENCES: Mapping[str, tuple[int, Promise]] = {
    "not_allowed": (403, _("You can see this, but it is not yours to do. Ask whoever holds the post.")),
    "not_found": (404, _("There is nothing here. Check the address or the number.")),
    "invalid": (
        422,
        _("Something is missing or cannot be read. It is marked below; what you typed is still there."),
    ),
    "key_reused": (422, _("This was sent before with other words. Open the form again and send it anew.")),
    "move_refused": (409, _("Somebody was faster: it has moved on meanwhile. Look at it again.")),
    "areas.unknown": (
        422,
        _("No such place is known. Scan the code on the door again, or choose the village."),
    ),
    "areas.not_together": (
        422,
        _("Only areas of one level under one parent can be merged or split, one into many or many into one."),
    ),
    "areas.code_taken": (422, _("An area with this code exists already.")),
    "areas.bad_outline": (422, _("The outline is not a closed polygon in GeoJSON.")),
    "areas.bad_grids": (422, _("Feature %(feature)s of the file is not a grid. Nothing was kept.")),
    "areas.bad_calendar": (
        422,
        _("Line %(line)s cannot be read. Nothing was kept; mend it and send it again."),
    ),
    "areas.bad_hours": (
        422,
        _("Working hours are spans in order that do not touch, like 08:00-12:00, 14:30-18:00."),
    ),
    "accounts.wrong_credentials": (
        401,
        _("Name or password is not right. Look at capital letters, or ask your administrator."),
    ),
    "accounts.too_many_guesses": (
        429,
        _("Too many tries. Wait %(minutes)s minutes, or ask your administrator."),
    ),
    "accounts.wrong_code": (401, _("The code is not right or too old. Look again, or ask for a new one.")),
    "accounts.code_too_soon": (429, _("A code is on its way. You can ask for another one later.")),
    "accounts.post_taken": (409, _("This grid has a lead for those days. End that post first.")),
    "accounts.unknown_user": (422, _("No such member of staff here.")),
    "accounts.unknown_unit": (422, _("No such unit here.")),
    "accounts.unknown_duty": (422, _("This duty does not exist for such an area.")),
    "accounts.username_taken": (409, _("Somebody has this name already; choose another.")),
    "people.one_self": (422, _("This is your own number. Enter the number of whom you want to follow.")),
    "people.too_many_bonds": (
        409,
        _("At most %(most)s relatives can be tied to one person. End one of them first."),
    ),
    "people.lives_elsewhere": (
        409,
        _(
            "This person is known in another village. Its staff can note it, or a code to the person's own phone."
        ),
    ),
    "accounts.bad_dates": (422, _("The last day lies before the first.")),
    "accounts.weak_password": (
        422,
        _("The password needs at least %(least)s characters, and not the same few."),
    ),
    "notify.no_such_channel": (422, _("No such channel is set up here, or it needs an address to send to.")),
    "notify.not_sendable": (
        409,
        _("It went out already, or its address was forgotten: there is nothing to send again."),
    ),
    "files.not_a_photo": (422, _("This is not a photo we can read. Send it as JPEG or PNG.")),
    "files.too_large": (413, _("The photo is too large. At most %(limit)s MB.")),
    "files.too_many": (422, _("At most %(limit)s photos on one matter.")),
    "files.gone": (422, _("A photo was not there any more. Choose it again; your words are kept.")),
    "files.not_a_recording": (
        422,
        _("This is not a recording we can keep. Send it as M4A, AAC, AMR, MP3, WAV, OGG or WebM."),
    ),
    "files.recording_too_large": (413, _("The recording is too large. At most %(limit)s MB.")),
    "files.recording_too_long": (
        422,
        _("The recording is too long. At most %(minutes)s minutes; send it in two parts."),
    ),
    "files.too_many_recordings": (422, _("At most %(limit)s recordings on one matter.")),
    "files.recording_gone": (
        422,
        _("A recording was not there any more. Add it again; your words are kept."),
    ),
    "files.ticket_spent": (409, _("This photo was sent already.")),
    "cases.about_official": (
        422,
        _(
            "A complaint about an official is not kept here. Please turn to the discipline inspection directly."
        ),
    ),
    "cases.not_served": (422, _("This district is not served here. Check the code on the door.")),
    "cases.no_tray": (422, _("Nobody can be given this there. Choose another place.")),
    "cases.too_late_to_reopen": (
        409,
        _("It was closed more than %(days)s days ago. You can still turn to the level above."),
    ),
    "cases.nothing_above": (409, _("It lies with them already.")),
    "cases.unknown_category": (422, _("No such category. Choose one of the list.")),
    "cases.open_parts": (
        409,
        _("%(n)s parts of others are still open. Ask for their answers first, or drop what is not needed."),
    ),
    "cases.returned_enough": (
        409,
        _("It was returned %(times)s times already. Settle it, or pass it up one level."),
    ),
    "cases.too_late_to_return": (
        409,
        _("The %(days)s working days for returning are over. Settle it, or pass it up one level."),
    ),
    "cases.too_late_to_extend": (
        409,
        _("The deadline has passed; more time is asked for before it. Settle it, or pass it up one level."),
    ),
    "cases.beyond_cap": (422, _("The rules do not allow that much: %(left)s are left. Choose less.")),
    "cases.plea_is_open": (409, _("More time was asked for already. Wait for the level above to decide.")),
    "cases.no_plea": (409, _("Nobody asks for more time here any more. Look at it again.")),
    "cases.nothing_below": (409, _("It was not passed up by anybody: there is nobody to hand it back to.")),
    "cases.merge_into_older": (
        422,
        _("The one told first takes in the other. Open the one told later and merge it into this one."),
    ),
    "cases.no_master": (
        422,
        _(
            "It cannot be put together with that one: it is over, merged itself, or the same one. Choose another."
        ),
    ),
    "cases.whistle_blown": (
        409,
        _("A whistle is being followed already. End it first, or ask somebody besides to help."),
    ),
    "cases.no_whistle": (409, _("No whistle is being followed here any more. Look at it again.")),
    "cases.no_part": (409, _("This part is over, or it is not yours. Look at it again.")),
    "cases.staff_do_not_rate": (
        403,
        _(
            "A member of staff is signed in on this device. Agreeing and rating belong to the resident: "
            "sign out first, or let him use his own phone."
        ),
    ),
    "cases.not_recorded_for_you": (
        409,
        _("This was told by yourself. If it is no longer needed, take it back."),
    ),
    "cases.too_late_to_contest": (
        409,
        _("It was recorded more than %(days)s days ago. You can still turn to the level above."),
    ),
    "cases.import_under_way": (
        409,
        _("These requests are under way and people were told: take them back or decline them one by one."),
    ),
    "cases.contested": (409, _("You said that this was not your matter; that stands.")),
    "cases.rated_already": (409, _("It was rated already; the first word stands.")),
    "cases.no_callback": (409, _("It was not drawn to be called back, or somebody has called already.")),
    "cases.filter_name_taken": (422, _("You have a list of this name already. Choose another name.")),
    "calls.unknown_model": (422, _("No device of this kind can be read here. Choose one of the list.")),
    "calls.device_known": (409, _("A device with the number %(uid)s is registered already.")),
    "calls.already_taken": (
        409,
        _("Somebody else has it in hand already. Take it over if you are nearer."),
    ),
    "api.not_signed_in": (401, _("Sign in first, and send what the sign-in gave as a bearer token.")),
    "calls.no_test_press": (
        409,
        _(
            "It has not been tried yet. Press “Try it”, press the device, and hang it up when the press is seen."
        ),
    ),
    "sheets.unreadable": (
        422,
        _("This file is damaged. Open it in WPS or Excel, save it anew as xlsx, and send that."),
    ),
    "sheets.empty": (422, _("There is nothing in this file. Choose the one with the list in it.")),
    "sheets.too_large": (
        413,
        _(
            "This file is too large to be read (at most %(limit)s MB). Send it in parts, or without empty rows and pictures."
        ),
    ),
    "sheets.too_many_rows": (
        422,
        _(
            "At most %(limit)s rows. If there are fewer, delete the empty rows below the list and save it again."
        ),
    ),
    "sheets.too_many_columns": (
        422,
        _(
            "At most %(limit)s columns. If there are fewer, delete the empty columns beside the list and save it again."
        ),
    ),
    "sheets.cell_too_long": (422, _("A cell in row %(row)s has more than %(limit)s characters. Shorten it.")),
    "sheets.encrypted": (422, _("This file has a password. Save it without one and send it again.")),
    "sheets.macros": (422, _("This file carries programs (macros). Save it as xlsx and send that.")),
    "sheets.nested": (422, _("There is another file inside this one. Send only the list, as xlsx or csv.")),
    "sheets.unsafe": (
        422,
        _(
            "This file is built in a way no office program writes. Copy the list into a new file and send that."
        ),
    ),
    "sheets.wrong_kind": (422, _("This is not a table. Send xlsx, xls or csv.")),
    "sheets.web_page": (
        422,
        _("This is a web page named like a table. Open it in WPS or Excel, save it as xlsx, and send that."),
    ),
    "sheets.mixed_encoding": (
        422,
        _(
            "Parts of this file are written in different encodings. Open it in WPS or Excel and save it as xlsx."
        ),
    ),
    "sheets.open_quote": (
        422,
        _("A quotation mark in row %(row)s never closes. Mend it, or save the file as xlsx."),
    ),
    "sheets.no_header": (
        422,
        _("No row names the columns. Write the names above the list, or fill in the template."),
    ),
    "sheets.duplicate_heads": (422, _("Two columns have the same name: %(heads)s. Rename one of them.")),
    "sheets.unknown_sheet": (422, _("There is no such sheet in this file. Choose one of the list.")),
    "sheets.too_slow": (422, _("Reading this file takes too long. Send it in parts.")),
    "imports.unknown_kind": (422, _("Such lists are not taken here. Choose one of the list.")),
    "imports.columns_missing": (422, _("Say which column of the file is: %(columns)s.")),
    "imports.nothing_to_commit": (409, _("No row is new or changed: there is nothing to carry out.")),
    "imports.forgotten": (
        409,
        _("The file came more than %(days)s days ago and was forgotten. Send it again."),
    ),
    "imports.changed_meanwhile": (
        409,
        _(
            "%(n)s rows do not fit any more: something was changed meanwhile. Nothing was carried out; look at the rows anew."
        ),
    ),
    "imports.changed_since": (
        409,
        _(
            "%(n)s of them or more were changed or are needed since. Nothing was taken back; correct those rows by a new file."
        ),
    ),
    "imports.fault": (
        500,
        _(
            "Something went wrong with us. Nothing of it counts; try once more, and tell your administrator if it stays."
        ),
    ),
}
FIELDS: Mapping[str, Promise] = {
    "required": _("Please fill this in."),
    "too_long": _("This is too long."),
    "unreadable": _("Some characters cannot be kept. Please type it again."),
    "unknown": _("Please choose one of the list."),
    "bad_phone": _("This is not a phone number. A mobile has 11 digits; a landline needs its area code."),
    "bad_mobile": _("This is not a mobile number. It has 11 digits and begins with 1."),
    "bad_mail": _("This is not an e-mail address."),
    "bad_id_number": _("The ID number does not add up. Compare it with the card."),
    "bad_area": _("The place is not known. Scan the code on the door again, or choose the village."),
    "bad_key": _("The form is too old. Open it again."),
    "bad_cursor": _("This page of the list is not there. Begin at the first."),
    "in_the_past": _("Choose a day after today."),
    "same": _("It lies there already. Choose another."),
    "bad_uid": _("This is not the number of a device: 4 to 40 letters and digits."),
    "bad_code": _("Small letters, digits and hyphens only, 2 to 32 of them."),
    "no_line_duty": _("This person holds no post that is rung by calls. Give one first, then the watch."),
    "too_early": _("It ends before it begins, or is over already."),
    "too_late": _("This day has not come yet."),
    "first_rung_at_once": _("Somebody is rung at once: the first rung of each kind has 0 seconds."),
    "wrong_door": _("This is not the code of that door. Compare it with the sticker."),
    "unknown_person": _("Nobody here is known by this number. Leave it empty, or enter the resident first."),
    "out_of_range": _("This number does not fit. Choose a smaller one."),
    "bad_date": _("This is not a date. Write it like 2026-11-23."),
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return SENTENCES.get(error.code, (409, ""))[0]


def sentence(error: DomainError) -> str:
    """What happened and what to do next, in the reader's language."""
    words = SENTENCES.get(error.code)
    if words is None:
        return str(_("This cannot be done now. Look at it again."))
    try:
        return str(words[1]) % error.facts
    except (KeyError, TypeError, ValueError):
        return str(words[1])


def field_sentences(error: DomainError) -> dict[str, str]:
    """Field name -> words, for a form that shows them beside the field."""
    fields: Any = error.facts.get("fields", {})
    return {name: str(FIELDS.get(code, FIELDS["required"])) for name, code in dict(fields).items()}
