"""The ways to wake somebody: their order, and how long after the page each is tried."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from staff.methods import added, checked, delayed, methods_of, removed, replaced
from staff.model import Method

CHAT = Endpoint(Channel.TELEGRAM, "900001")
SMS = Endpoint(Channel.SMS, "+12135550101")
VOICE = Endpoint(Channel.VOICE, "+12135550101")
NEW_SMS = Endpoint(Channel.SMS, "+12135550102")


def seconds(methods: tuple[Method, ...]) -> list[tuple[str, int]]:
    return [(str(one.endpoint.channel), int(one.after.total_seconds())) for one in methods]


def chosen(**waits: int) -> tuple[Method, ...]:
    ends = {"telegram": CHAT, "sms": SMS, "voice": VOICE}
    return tuple(Method(ends[kind], timedelta(seconds=wait)) for kind, wait in waits.items())


def test_a_chat_comes_at_once_an_sms_after_a_minute_and_a_call_after_three() -> None:
    usual = methods_of([CHAT, SMS, VOICE])
    assert seconds(usual) == [("telegram", 0), ("sms", 60), ("voice", 180)]


def test_the_first_way_is_always_at_once() -> None:
    assert seconds(methods_of([SMS, VOICE])) == [("sms", 0), ("voice", 180)]
    assert seconds(methods_of([VOICE])) == [("voice", 0)]


def test_usual_waits_are_arranged_anew_when_a_way_comes_or_goes() -> None:
    assert added(methods_of([SMS, VOICE]), CHAT) == methods_of([CHAT, SMS, VOICE])
    assert removed(methods_of([CHAT, SMS, VOICE]), [CHAT]) == methods_of([SMS, VOICE])
    assert added((), SMS) == methods_of([SMS])


def test_waits_that_somebody_chose_are_kept() -> None:
    mine = chosen(sms=0, telegram=300)
    assert seconds(added(mine, VOICE)) == [("sms", 0), ("voice", 180), ("telegram", 300)]
    assert seconds(removed(mine, [SMS])) == [("telegram", 0)]
    late = added(mine, VOICE, timedelta(seconds=900))
    assert seconds(late) == [("sms", 0), ("telegram", 300), ("voice", 900)]


def test_a_new_phone_takes_the_place_and_the_wait_of_the_old_one() -> None:
    mine = chosen(telegram=0, sms=20, voice=40)
    changed = replaced(mine, NEW_SMS)
    assert seconds(changed) == seconds(mine)
    assert [one.endpoint for one in changed] == [CHAT, NEW_SMS, VOICE]


def test_the_same_phone_again_changes_nothing() -> None:
    mine = chosen(telegram=0, sms=20, voice=40)
    assert replaced(mine, SMS) == mine
    assert replaced(methods_of([CHAT, SMS]), SMS) == methods_of([CHAT, SMS])


def test_waits_put_the_ways_in_order() -> None:
    waits = {Channel.TELEGRAM: timedelta(seconds=90), Channel.SMS: timedelta()}
    changed = delayed(methods_of([CHAT, SMS, VOICE]), waits)
    assert seconds(changed) == [("sms", 0), ("telegram", 90), ("voice", 180)]


def test_a_wait_for_a_way_that_nobody_has_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        delayed(methods_of([CHAT]), {Channel.VOICE: timedelta(seconds=9)})
    assert refused.value.key == "staff.delay_without_method"


@pytest.mark.parametrize(
    ("methods", "key"),
    [
        (chosen(telegram=0, sms=-1), "staff.delay_wrong"),
        (chosen(telegram=0, sms=1801), "staff.delay_wrong"),
        (chosen(telegram=1), "staff.first_at_once"),
        (chosen(telegram=1, sms=60), "staff.first_at_once"),
        ((Method(SMS), Method(SMS, timedelta(seconds=9))), "staff.method_twice"),
    ],
)
def test_a_page_that_could_not_go_out_is_refused(methods: tuple[Method, ...], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(methods)
    assert refused.value.key == key


def test_one_number_by_sms_and_by_call_are_two_ways() -> None:
    assert len(checked(chosen(sms=0, voice=1800))) == 2


ENDS = st.builds(
    lambda channel, number: Endpoint(channel, f"+121355501{number:02}"),
    st.sampled_from(Channel),
    st.integers(0, 5),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "replace"]),
        ENDS,
        st.none() | st.integers(0, 1800).map(lambda wait: timedelta(seconds=wait)),
    ),
    max_size=12,
)


@given(steps=STEPS)
def test_whatever_comes_and_goes_a_page_can_go_out_at_once(
    steps: list[tuple[str, Endpoint, timedelta | None]],
) -> None:
    methods: tuple[Method, ...] = ()
    for step, endpoint, wait in steps:
        theirs = {one.endpoint for one in methods}
        if step == "add" and endpoint not in theirs:
            methods = added(methods, endpoint, wait)
            theirs |= {endpoint}
        elif step == "remove":
            methods = removed(methods, [endpoint])
            theirs -= {endpoint}
        elif step == "replace":
            methods = replaced(methods, endpoint)
            theirs = {one for one in theirs if one.channel is not endpoint.channel} | {endpoint}
        assert checked(methods) == methods
        assert {one.endpoint for one in methods} == theirs
