"""The conversations that are broken off at every point, and what must be true after each."""

import re
from collections.abc import Mapping
from typing import Protocol

from sqlalchemy import func, select

from alerts.model import CaseState, EntryKind
from campaigns import service
from campaigns.model import CampaignDraft
from campaigns.written import file
from db.session import Session
from delivery.runs import run
from delivery.store import message
from kit.channels import Endpoint
from kit.clock import Clock
from staff import store as members
from staff.model import Role
from tests.crash.arrivals import Arrival, from_chat, from_phone
from tests.crash.effects import count_case, count_contact
from tests.crash.mailbox import words
from tests.crash.stage import Stage, chat, phone
from tests.standins.telegram import text_update

ANA_CHAT, ANA_PHONE = chat(7_900_000_001), phone("+12135550101")
BOTH = (ANA_CHAT, ANA_PHONE)
FOLIO = re.compile(r"GUARDIA: caso (\w{6})")

Answers = Mapping[Endpoint, tuple[str, ...]]


class Conversation(Protocol):
    """One act of a person, told again and again by others: the `turn` says by whom."""

    name: str

    async def set_up(self, stage: Stage) -> None:
        """Once, before the first start."""

    async def lead_up(self, stage: Stage, turn: int) -> None:
        """What comes before the act, to a living process."""

    async def act(self, stage: Stage, turn: int) -> Arrival | None:
        """The act itself: what to bring, or None when it was done beside the process."""

    def whom_to_keep_waiting(self, turn: int) -> Endpoint | None:
        """Whose message the provider is to take without an answer; None for anybody's."""

    def answers(self, turn: int) -> Answers:
        """Everything that is written to anybody in this turn, in the end."""

    async def count(self, session: Session, stage: Stage, turn: int) -> None:
        """What must be true of the people of this turn."""


def somebody(turn: int) -> Endpoint:
    """A phone for each turn."""
    return phone(f"+121355501{40 + turn}")


async def hire_ana(stage: Stage) -> None:
    """Somebody on duty, with a chat and a phone."""
    await stage.hire("Ana", Role.DUTY, *BOTH)


class CallForHelp:
    """SOS with the whole report, by SMS or in a chat."""

    def __init__(self, name: str, *, by_chat: bool) -> None:
        self.name = name
        self._by_chat = by_chat

    async def set_up(self, stage: Stage) -> None:
        await hire_ana(stage)

    async def lead_up(self, stage: Stage, turn: int) -> None:
        del stage, turn

    async def act(self, stage: Stage, turn: int) -> Arrival | None:
        del stage
        who, said = self._who(turn), "SOS mi hermana no contesta"
        if self._by_chat:
            return from_chat(text_update(int(who.value), said))
        return from_phone(who.value, said)

    def whom_to_keep_waiting(self, turn: int) -> Endpoint | None:
        return self._who(turn)

    def answers(self, turn: int) -> Answers:
        return {self._who(turn): ("Recibido, folio",), **dict.fromkeys(BOTH, ("GUARDIA: caso",))}

    async def count(self, session: Session, stage: Stage, turn: int) -> None:
        lines = {EntryKind.SAID: 1, EntryKind.PAGED: 1}
        await count_case(session, stage.books, self._who(turn), CaseState.OPEN, lines)

    def _who(self, turn: int) -> Endpoint:
        return chat(7_900_000_100 + turn) if self._by_chat else somebody(turn)


class Yes:
    """The yes to the question of a subscription, by SMS."""

    name = "subscription, yes"

    async def set_up(self, stage: Stage) -> None:
        del stage

    async def lead_up(self, stage: Stage, turn: int) -> None:
        await stage.post.bring(from_phone(somebody(turn).value, "ALTA"))

    async def act(self, stage: Stage, turn: int) -> Arrival | None:
        del stage
        return from_phone(somebody(turn).value, "SI TLAXIACO")

    def whom_to_keep_waiting(self, turn: int) -> Endpoint | None:
        return somebody(turn)

    def answers(self, turn: int) -> Answers:
        return {somebody(turn): ("Responda SI y su pueblo", "Listo: avisos")}

    async def count(self, session: Session, stage: Stage, turn: int) -> None:
        await count_contact(session, stage.books, somebody(turn), yes=1)


class No:
    """BAJA of somebody who had subscribed."""

    name = "BAJA"

    async def set_up(self, stage: Stage) -> None:
        del stage

    async def lead_up(self, stage: Stage, turn: int) -> None:
        for said in ("ALTA", "SI TLAXIACO"):
            await stage.post.bring(from_phone(somebody(turn).value, said))

    async def act(self, stage: Stage, turn: int) -> Arrival | None:
        del stage
        return from_phone(somebody(turn).value, "BAJA")

    def whom_to_keep_waiting(self, turn: int) -> Endpoint | None:
        return somebody(turn)

    def answers(self, turn: int) -> Answers:
        return {somebody(turn): ("Responda SI y su pueblo", "Listo: avisos", "Hecho. Por SMS")}

    async def count(self, session: Session, stage: Stage, turn: int) -> None:
        await count_contact(session, stage.books, somebody(turn), yes=1, no=1)


class Accept:
    """`A FOLIO` of somebody on duty, by SMS."""

    name = "accept"

    async def set_up(self, stage: Stage) -> None:
        await hire_ana(stage)

    async def lead_up(self, stage: Stage, turn: int) -> None:
        await stage.post.bring(from_phone(somebody(turn).value, "SOS mi hermana no contesta"))

    async def act(self, stage: Stage, turn: int) -> Arrival | None:
        del turn
        page = FOLIO.search(words(await stage.mailbox.reads(ANA_PHONE.value, "GUARDIA: caso")))
        assert page is not None
        return from_phone(ANA_PHONE.value, f"A {page[1]}")

    def whom_to_keep_waiting(self, turn: int) -> Endpoint | None:
        return somebody(turn)

    def answers(self, turn: int) -> Answers:
        return {
            somebody(turn): ("Recibido, folio", "una persona ya tiene su caso"),
            ANA_CHAT: ("GUARDIA: caso",),
            ANA_PHONE: ("GUARDIA: caso", "es suyo"),
        }

    async def count(self, session: Session, stage: Stage, turn: int) -> None:
        lines = {EntryKind.SAID: 1, EntryKind.PAGED: 1, EntryKind.ACKNOWLEDGED: 1}
        await count_case(session, stage.books, somebody(turn), CaseState.ACKNOWLEDGED, lines)


class CampaignStart:
    """A campaign to some chats and some phones is started."""

    name = "campaign"
    people = 12

    async def set_up(self, stage: Stage) -> None:
        for name in ("Beto", "Carla"):
            await stage.hire(name, Role.COORDINATOR)
        path = stage.folder / "people.csv"
        path.write_text(people_csv([7_900_001_000 + n for n in range(6)], OAXACAN_PHONES[:6]))
        imported = await stage.command("contacts", "import", str(path), "--json")
        assert imported.document()["created"] == self.people

    async def lead_up(self, stage: Stage, turn: int) -> None:
        del stage, turn

    async def act(self, stage: Stage, turn: int) -> Arrival | None:
        campaign_id = await approved_campaign(stage, self._text(turn), author=1, reader=2)
        async with stage.unit() as session:
            await service.start(session, campaign_id, None, Clock().now())
        return None

    def whom_to_keep_waiting(self, turn: int) -> Endpoint | None:
        del turn
        return None

    def answers(self, turn: int) -> Answers:
        del turn
        return {}

    async def count(self, session: Session, stage: Stage, turn: int) -> None:
        rows = await session.scalar(
            select(func.count())
            .select_from(message.join(run, run.c.id == message.c.run_id))
            .where(run.c.campaign_id == turn + 1)
        )
        stage.books.count("rows of a campaign", self.people, int(rows))
        runs = await session.scalar(select(func.count()).where(run.c.campaign_id == turn + 1))
        stage.books.count("runs of a campaign", 1, int(runs))

    def _text(self, turn: int) -> str:
        return f"Aviso {turn}: abre la ventanilla."


OAXACAN_PHONES = [f"+52951555{n:04d}" for n in range(100, 200)]
"""Numbers of a campaign: there are more people in it than invented phones in Los Angeles."""


def people_csv(chats: list[int], phones: list[str]) -> str:
    """A file of contacts that were abroad and came back."""
    columns = "phone,telegram_id,language,origin,country,state,relation,topics"
    columns += ",consented_at,consent_source"
    rows = [("", str(number)) for number in chats] + [(number, "") for number in phones]
    given = "es,Tlaxiaco,MX,OAX,returned,programs;fraud,2026-01-10,padron"
    return "\n".join([columns, *(f"{number},{chat_id},{given}" for number, chat_id in rows), ""])


def campaign_yaml(text: str) -> str:
    """A campaign to everybody in such a file, ready to be started."""
    return (
        f'title: "{text}"\ntopic: programs\naudience: "relation:returned"\n'
        f'channels: [telegram, sms]\ncontent:\n  es:\n    text: "{text}"\n'
    )


async def approved_campaign(stage: Stage, text: str, author: int, reader: int) -> int:
    """A campaign by one member that another has approved; gives its id."""
    now = Clock().now()
    draft = file.read(campaign_yaml(text).encode(), now)
    assert isinstance(draft, CampaignDraft)
    async with stage.unit() as session:
        writes, reads = [await members.get(session, who) for who in (author, reader)]
        assert writes is not None
        assert reads is not None
        campaign_id = await service.create(session, draft, writes, now)
        await service.approve(session, campaign_id, reads, now)
    return campaign_id


CONVERSATIONS: tuple[Conversation, ...] = (
    CallForHelp("SOS by SMS", by_chat=False),
    CallForHelp("SOS by Telegram", by_chat=True),
    Yes(),
    No(),
    Accept(),
    CampaignStart(),
)
