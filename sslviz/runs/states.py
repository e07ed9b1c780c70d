"""The states a run can be in and what each allows, for pages, command line and browser."""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """What a run in this state allows and says.

    `over`: no worker has it and none is to come; `live`: something new may come at any moment;
    `told`: the page says a sentence beside the word; `steerable`: it obeys at once.
    """

    can_pause: bool = False
    can_resume: bool = False
    can_stop: bool = False
    steerable: bool = False
    over: bool = False
    live: bool = False
    told: bool = False


STATES = {
    "queued": State(can_stop=True, live=True, told=True),
    "starting": State(can_stop=True, live=True, told=True),
    "training": State(can_pause=True, can_stop=True, steerable=True, live=True),
    "paused": State(can_resume=True, can_stop=True, steerable=True, live=True),
    "silent": State(can_pause=True, can_stop=True, live=True, told=True),
    "finished": State(over=True),
    "stopped": State(can_resume=True, over=True),
    "failed": State(can_resume=True, over=True, told=True),
    "interrupted": State(can_resume=True, over=True, told=True),
    "broken": State(),  # its config cannot be read
}
OVER = tuple(name for name, state in STATES.items() if state.over)
