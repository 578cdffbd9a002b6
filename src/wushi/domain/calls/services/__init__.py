"""The verbs of this room, in the order of the life of a call; then those of devices, and what a county sets."""

from wushi.domain.calls.services.afterwards import (
    archive_call,
    follow_up_call,
    mark_call_late,
    rate_call,
    sweep_calls,
)
from wushi.domain.calls.services.answering import (
    acknowledge_call,
    arrive_at_call,
    confirm_arrival,
    end_call,
    end_mistaken_call,
    hand_to_service,
    note_call,
    release_call,
    set_out,
    take_over_call,
    turn_call_into_case,
)
from wushi.domain.calls.services.devices import (
    Spot,
    free_device,
    hand_back_device,
    install_device,
    move_device,
    put_back_device,
    register_device,
    restock_device,
    send_to_repair,
    try_device,
)
from wushi.domain.calls.services.errands import do_errand
from wushi.domain.calls.services.health import sweep_devices
from wushi.domain.calls.services.inbox import Arrived, forget_wires, keep_messages, read_wires
from wushi.domain.calls.services.ladder import ring_next, sweep_rungs
from wushi.domain.calls.services.opening import Calling, open_call, press_again, take_back_call
from wushi.domain.calls.services.presses import Said, receive_event
from wushi.domain.calls.services.setup import (
    CallBook,
    adopt_ladder,
    close_gateway,
    found_gateway,
    put_on_watch,
    take_off_watch,
)

__all__ = [
    "Arrived",
    "CallBook",
    "Calling",
    "Said",
    "Spot",
    "acknowledge_call",
    "adopt_ladder",
    "archive_call",
    "arrive_at_call",
    "close_gateway",
    "confirm_arrival",
    "do_errand",
    "end_call",
    "end_mistaken_call",
    "follow_up_call",
    "forget_wires",
    "found_gateway",
    "free_device",
    "hand_back_device",
    "hand_to_service",
    "install_device",
    "keep_messages",
    "mark_call_late",
    "move_device",
    "note_call",
    "open_call",
    "press_again",
    "put_back_device",
    "put_on_watch",
    "rate_call",
    "read_wires",
    "receive_event",
    "register_device",
    "release_call",
    "restock_device",
    "ring_next",
    "send_to_repair",
    "set_out",
    "sweep_calls",
    "sweep_devices",
    "sweep_rungs",
    "take_back_call",
    "take_off_watch",
    "take_over_call",
    "try_device",
    "turn_call_into_case",
]
