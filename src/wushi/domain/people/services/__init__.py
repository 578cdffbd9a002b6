"""The verbs of this room: entering residents and households, signing a resident in, tying and ending bonds."""

from wushi.domain.people.services.bonds import (
    NewBond,
    ask_for_consent,
    check_consent,
    end_bond,
    tie_bond,
    tie_bond_for,
)
from wushi.domain.people.services.entering import (
    NewPerson,
    found_household,
    move_person_in,
    note_person,
    sign_resident_in,
)
from wushi.domain.people.services.importing import enter_register, take_back_register
from wushi.domain.people.services.leaving import leave_register, rejoin_register

__all__ = [
    "NewBond",
    "NewPerson",
    "ask_for_consent",
    "check_consent",
    "end_bond",
    "enter_register",
    "found_household",
    "leave_register",
    "move_person_in",
    "note_person",
    "rejoin_register",
    "sign_resident_in",
    "take_back_register",
    "tie_bond",
    "tie_bond_for",
]
