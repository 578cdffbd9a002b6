"""Signed-in browsers for tests of pages: as every kind of user, without a password page in between."""

from __future__ import annotations

from django.test import Client

from tests.village import Village
from wushi.domain.accounts.models import SignIn
from wushi.domain.accounts.services import open_sign_in
from wushi.domain.people.services import NewPerson, note_person
from wushi.edge.viewer import COOKIE
from wushi.kernel.actor import Actor
from wushi.kernel.verb import unscoped

# duty -> where its post is: an attribute of the village
STAFF = {
    "secretary": "code",
    "deputy": "code",
    "grid_lead": "grid",
    "grid_worker": "grid",
    "grid_assistant": "grid",
    "town_clerk": "town",
    "town_lead": "town",
    "district_clerk": "county",
    "district_lead": "county",
    "department": "county",
    "hotline": "county",
    "supervisor": "county",
    "discipline": "county",
    "district_admin": "county",
    "security_admin": "county",
    "audit_admin": "county",
}
# Which matters of the map exist for a duty: own village's grid, sibling village, another town, another county.
SEES = {
    "secretary": {"own"},
    "deputy": {"own"},
    "grid_lead": {"own"},
    "grid_worker": {"own"},
    "grid_assistant": {"own"},
    "town_clerk": {"own", "sibling"},
    "town_lead": {"own", "sibling"},
    "district_clerk": {"own", "sibling", "parent"},
    "district_lead": {"own", "sibling", "parent"},
    "supervisor": {"own", "sibling", "parent"},
    "department": set(),
    "hotline": set(),
    "discipline": set(),
    "district_admin": set(),
    "security_admin": set(),
    "audit_admin": set(),
}


def staff_client(village: Village, duty: str) -> Client:
    """A browser signed in as somebody with this duty; the second factor counts as shown."""
    name = f"人-{duty}"
    village.officer(
        name, duty=duty, area=getattr(village, STAFF[duty]), unit="JT" if duty == "department" else ""
    )
    return client_of(village, name)


def client_of(village: Village, name: str) -> Client:
    """A browser signed in as somebody by name."""
    user = village.people[name]
    begun = open_sign_in(actor=Actor(f"user:{user.id}", village.county), user_id=user.id)
    with unscoped("test: the second factor counts as shown"):
        SignIn.objects.filter(id=begun.row.id).update(second_factor=True)
    return _with(begun.token, village)


def resident_client(village: Village, phone: str) -> Client:
    """A browser of a resident signed in by phone."""
    person = note_person(actor=village.house, person=NewPerson(phone=phone))
    begun = open_sign_in(actor=Actor(f"person:{person.id}", village.county), person_id=person.id)
    return _with(begun.token, village)


def visitor(village: Village) -> Client:
    """A browser nobody is signed in at, of this village."""
    client = Client()
    client.cookies["village"] = village.code
    return client


def _with(token: str, village: Village) -> Client:
    client = visitor(village)
    client.cookies[COOKIE] = token
    return client
