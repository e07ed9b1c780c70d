"""The states a run can be in and what each allows: one table for server, pages and browser."""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """`live`: a process may still write; `over`: none will; `told`: a page says why.

    `steerable`: its worker obeys at once, or with its first step.
    """

    name: str
    live: bool
    over: bool
    can_pause: bool
    can_resume: bool
    can_stop: bool
    steerable: bool
    told: bool


def _state(name: str, allows: str) -> State:
    words = ("live", "over", "can_pause", "can_resume", "can_stop", "steerable", "told")
    return State(name, **{word: word in allows.split() for word in words})


STATES: dict[str, State] = {
    state.name: state
    for state in (
        _state("queued", "live can_stop told"),
        _state("starting", "live can_pause can_stop steerable told"),
        _state("training", "live can_pause can_stop steerable"),
        _state("paused", "live can_resume can_stop steerable"),
        _state("held", "live can_stop steerable told"),
        _state("silent", "live can_pause can_stop told"),
        _state("finished", "over"),
        _state("stopped", "over can_resume"),
        _state("failed", "over can_resume told"),
        _state("interrupted", "over can_resume told"),
        _state("broken", ""),
    )
}
