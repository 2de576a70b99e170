"""By which of somebody's methods a page goes, and when."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.methods import NOW, waits
from kit.channels import Channel, Endpoint
from staff.model import LATER, Member, Method, Role

ALL = frozenset(Channel)
CHAT = Endpoint(Channel.TELEGRAM, "900001")
PHONE = Endpoint(Channel.SMS, "+12135550131")
CALL = Endpoint(Channel.VOICE, "+12135550131")
MINUTE = timedelta(minutes=1)
USUAL = (Method(CHAT), Method(PHONE, MINUTE), Method(CALL, 3 * MINUTE))


def member(*methods: Method) -> Member:
    return Member(1, Role.DUTY, True, "Luz", "Persona", "p@example.org", methods)


def of(
    *methods: Method,
    here: Collection[Channel] = ALL,
    working: Collection[Channel] = ALL,
    insists: bool = False,
) -> dict[Endpoint, timedelta]:
    return dict(waits(member(*methods), here, working, insists=insists))


def without(channel: Channel) -> Collection[Channel]:
    return ALL - {channel}


def test_methods_follow_one_after_the_other() -> None:
    assert of(*USUAL) == {CHAT: NOW, PHONE: MINUTE, CALL: 3 * MINUTE}


def test_when_nobody_answers_all_ring_at_once() -> None:
    assert set(of(*USUAL, insists=True).values()) == {NOW}


def test_a_channel_that_this_platform_lacks_is_left_out_and_keeps_nobody_waiting() -> None:
    here = without(Channel.TELEGRAM)
    assert of(*USUAL, here=here, working=here) == {PHONE: NOW, CALL: 2 * MINUTE}


def test_the_only_method_is_tried_although_its_channel_is_not_here() -> None:
    here = {Channel.SMS}
    assert of(Method(CHAT), here=here, working=here) == {CHAT: NOW}, "its failure is written down"


def test_a_channel_out_of_order_is_tried_and_the_next_does_not_wait_for_it() -> None:
    found = of(*USUAL, working=without(Channel.TELEGRAM))
    assert found == {CHAT: NOW, PHONE: NOW, CALL: 2 * MINUTE}


def test_a_later_channel_out_of_order_moves_nobody_else() -> None:
    found = of(*USUAL, working=without(Channel.SMS))
    assert found == {CHAT: NOW, PHONE: NOW, CALL: 3 * MINUTE}


def test_with_everything_out_of_order_all_are_tried_at_once() -> None:
    assert set(of(*USUAL, working=()).values()) == {NOW}


def test_a_sole_method_with_a_wait_is_tried_at_once() -> None:
    assert of(Method(CALL, 3 * MINUTE)) == {CALL: NOW}


def test_two_methods_of_one_channel_keep_their_own_waits() -> None:
    other = Endpoint(Channel.SMS, "+12135550132")
    assert of(Method(PHONE), Method(other, 2 * MINUTE)) == {PHONE: NOW, other: 2 * MINUTE}


def test_who_has_no_method_is_paged_by_none() -> None:
    assert of() == {}


def test_the_order_is_that_of_the_methods() -> None:
    assert [end for end, _ in waits(member(*USUAL), ALL, ALL, insists=False)] == [CHAT, PHONE, CALL]


_methods = st.lists(
    st.builds(
        Method,
        st.sampled_from([CHAT, PHONE, CALL, Endpoint(Channel.SMS, "+12135550132")]),
        st.integers(0, 1800).map(lambda seconds: timedelta(seconds=seconds)),
    ),
    max_size=4,
    unique_by=lambda method: method.endpoint,
)
_channels = st.frozensets(st.sampled_from(list(Channel)))


@given(_methods, _channels, _channels, st.booleans())
def test_whoever_has_a_method_is_tried_at_once_and_nothing_comes_before_now(
    methods: list[Method], here: Collection[Channel], working: Collection[Channel], insists: bool
) -> None:
    found = of(*methods, here=here, working=working, insists=insists)
    assert bool(found) == bool(methods)
    assert all(wait >= NOW for wait in found.values())
    if methods:
        assert min(found.values()) == NOW
    chosen = {method.endpoint: method.after for method in methods}
    assert all(wait <= chosen[end] for end, wait in found.items()), "nobody waits for longer"


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_has_a_usual_wait(channel: Channel) -> None:
    assert channel in LATER
