"""Which acts the page of a case offers to whom."""

from dataclasses import replace
from datetime import UTC, datetime

from alerts.model import Case, CaseState, Kind, MayWrite, Urgency
from alerts.part import OWNS, Act, Part, acts_of, part_of
from kit.channels import Channel, Endpoint
from staff.hours import OFFICE
from staff.model import Member, Role

DAY = datetime(2026, 11, 25, 16, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 9, tzinfo=UTC)
LUZ = Member(1, Role.DUTY, True, "Luz", "x", "x")
MAR = Member(2, Role.DUTY, True, "Mar", "x", "x")
BOSS = Member(3, Role.COORDINATOR, True, "Sol", "x", "x")
GONE = replace(LUZ, active=False)
CASE = Case(
    1,
    "FP5DWV",
    CaseState.OPEN,
    Kind.UNKNOWN,
    Urgency.UNSORTED,
    Endpoint(Channel.SMS, "+12135550101"),
    "es",
    MayWrite.UNKNOWN,
    "CEIBA",
    DAY,
)
OWNED = replace(CASE, state=CaseState.ACKNOWLEDGED, owner_id=1)
CLOSED = replace(OWNED, state=CaseState.CLOSED, closed_at=DAY)


def acts(case: Case, member: Member, *helpers: int, at: datetime = DAY) -> tuple[Act, ...]:
    return acts_of(case, member, part_of(case, member, helpers), OFFICE, at)


def test_the_part_of_each_in_a_case() -> None:
    assert part_of(OWNED, LUZ, ()) is Part.OWNER
    assert part_of(OWNED, MAR, ()) is Part.OUTSIDE
    assert part_of(OWNED, MAR, (2,)) is Part.HELPER
    assert part_of(OWNED, BOSS, ()) is Part.SUPERVISOR
    assert part_of(CLOSED, LUZ, ()) is Part.OWNER
    assert [one for one in Part if one.reads] == [Part.OWNER, Part.HELPER, Part.SUPERVISOR]


def test_a_case_without_an_owner_is_accepted_or_passed_on_and_at_night_may_wait() -> None:
    assert acts(CASE, MAR) == (Act.ACCEPT, Act.PASS_ON)
    assert Act.LET_WAIT in acts(CASE, MAR, at=NIGHT)
    assert Act.LET_WAIT not in acts(replace(CASE, urgency=Urgency.POSSIBLE), MAR, at=NIGHT)
    assert acts(CASE, BOSS)[0] is Act.ACCEPT
    assert Act.NOTE in acts(CASE, BOSS)
    assert Act.REPLY not in acts(CASE, BOSS)


def test_only_the_owner_gives_away_pauses_and_closes() -> None:
    assert acts(OWNED, LUZ)[0] is Act.REPLY
    assert set(OWNS) <= set(acts(OWNED, LUZ))
    for other in (acts(OWNED, MAR, 2), acts(OWNED, BOSS)):
        assert not set(OWNS) & set(other)
        assert {Act.REPLY, Act.NOTE, Act.TAKE_OVER} <= set(other)
    assert acts(OWNED, MAR) == (Act.TAKE_OVER,)


def test_who_asked_for_silence_is_offered_no_reply_and_a_chat_has_no_number() -> None:
    assert Act.REPLY not in acts(replace(OWNED, may_write=MayWrite.NO), LUZ)
    assert Act.REVEAL in acts(OWNED, LUZ)
    chat = replace(OWNED, reporter=Endpoint(Channel.TELEGRAM, "900001"))
    assert Act.REVEAL not in acts(chat, LUZ)


def test_a_closed_case_can_be_opened_again_and_followed() -> None:
    assert acts(CLOSED, MAR) == (Act.REOPEN,)
    assert acts(CLOSED, LUZ) == (Act.REOPEN, Act.REFER, Act.REVEAL)
    assert acts(CASE, GONE) == ()
