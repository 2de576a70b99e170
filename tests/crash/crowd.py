"""People who go on with their lives while the platform dies and comes back.

Each does the next thing after having read the answer to the last, however long it takes, and the
providers bring each thing until it is confirmed. So what must be true in the end is known exactly.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial

from alerts.model import CaseState, EntryKind
from db.session import Session
from kit.channels import Channel, Endpoint
from tests.crash.arrivals import Arrival, from_chat, from_phone
from tests.crash.conversations import ANA_CHAT, ANA_PHONE, FOLIO
from tests.crash.effects import count_case, count_contact
from tests.crash.mailbox import LOOK_EVERY, words
from tests.crash.stage import Stage, chat, phone
from tests.standins.records import Sent
from tests.standins.telegram import callback_update, text_update

QUESTION = "¿En qué lugar está?"
CLOSED_CASE = {
    EntryKind.SAID: 2,
    EntryKind.PAGED: 1,
    EntryKind.ACKNOWLEDGED: 1,
    EntryKind.REPLIED: 1,
    EntryKind.CLOSED: 1,
}
Count = Callable[[Session], Coroutine[None, None, None]]
Begin = Callable[[], Coroutine[None, None, None]]


@dataclass
class Crowd:
    """Everybody. `answers` is what each must have been written, `counts` what must be true."""

    stage: Stage
    answers: dict[Endpoint, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: list[Count] = field(default_factory=list)

    async def subscribes(self, who: Endpoint) -> None:
        """ALTA and the yes."""
        await self._subscribes(who)
        self.counts.append(lambda s: count_contact(s, self.stage.books, who, yes=1))

    async def comes_and_goes(self, who: Endpoint) -> None:
        """ALTA, the yes, and BAJA."""
        await self._subscribes(who)
        await self._says(who, "BAJA")
        await self._reads(who, "Hecho. Por")
        self.counts.append(lambda s: count_contact(s, self.stage.books, who, yes=1, no=1))

    async def calls_for_help(self, who: Endpoint) -> None:
        """SOS, then the answer to what the guard asks, until the case is closed."""
        await self._says(who, "SOS mi hermana no contesta")
        await self._reads(who, "Recibido, folio")
        await self._reads(who, "ya tiene su caso")
        await self._reads(who, QUESTION)
        await self._says(who, "en la central de camiones")
        await self._reads(who, "Si pasa otra cosa")
        self.counts.append(
            lambda s: count_case(s, self.stage.books, who, CaseState.CLOSED, CLOSED_CASE)
        )

    async def stands_guard(self, calls: int) -> None:
        """Ana takes every case she is paged for, asks one thing, and closes it."""
        taken: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as cases:
            while len(taken) < calls:
                page = self.stage.mailbox.unread(ANA_CHAT.value, "GUARDIA: caso")
                found = None if page is None else FOLIO.search(words(page))
                # A page may come again after a kill.
                if found is not None and found[1] not in taken:
                    taken[found[1]] = cases.create_task(self._takes(found[1]))
                await asyncio.sleep(LOOK_EVERY)

    async def _takes(self, folio: str) -> None:
        self.answers[ANA_CHAT].append(f"GUARDIA: caso {folio}")
        self.answers[ANA_PHONE] += [f"GUARDIA: caso {folio}", f"mensaje nuevo en el caso {folio}"]
        await self._says(ANA_CHAT, f"A {folio}")
        await self._reads(ANA_CHAT, f"el caso {folio} es suyo")
        await self._says(ANA_CHAT, f"R {folio} {QUESTION}")
        await self._reads(ANA_CHAT, f"su texto sale ahora a la persona del caso {folio}")
        await self._reads(ANA_CHAT, f"Caso {folio}. La persona mandó")
        await self._says(ANA_CHAT, f"C {folio} atendida")
        await self._reads(ANA_CHAT, f"{folio} queda cerrado")

    async def _subscribes(self, who: Endpoint) -> None:
        if self._in_chat(who):
            await self._subscribes_in_chat(who)
            return
        await self._says(who, "ALTA")
        await self._reads(who, "Responda SI y su pueblo")
        await self._says(who, "SI TLAXIACO")
        await self._reads(who, "Listo: avisos")

    async def _subscribes_in_chat(self, who: Endpoint) -> None:
        await self._says(who, "/alta Juxtlahuaca")
        await self._presses(who, await self._reads(who, "¿Está de acuerdo?"), "Sí, quiero avisos")
        await self._presses(who, await self._reads(who, "¿Dónde vive ahora?"), "Oaxaca")
        await self._reads(who, "Todo listo")

    async def _says(self, who: Endpoint, text: str) -> None:
        await self.stage.post.bring(said(who, text))

    async def _presses(self, who: Endpoint, message: object, label: str) -> None:
        assert isinstance(message, Sent)
        data = message.callback_data[label]
        update = callback_update(int(who.value), data, message.message_id or 0)
        await self.stage.post.bring(from_chat(update))

    async def _reads(self, who: Endpoint, containing: str) -> object:
        self.answers[who].append(containing)
        return await self.stage.mailbox.reads(who.value, containing)

    def _in_chat(self, who: Endpoint) -> bool:
        return who.channel is Channel.TELEGRAM


def said(who: Endpoint, text: str) -> Arrival:
    """Words of somebody, as the provider of their channel brings them."""
    if who.channel is Channel.TELEGRAM:
        return from_chat(text_update(int(who.value), text))
    return from_phone(who.value, text)


def crowd_of(crowd: Crowd, size: int) -> list[Begin]:
    """So many of each kind of person, in a mixed order; the guard comes first."""
    people: list[Begin] = [partial(crowd.stands_guard, 2 * size)]
    for number in range(size):
        people += [
            partial(crowd.calls_for_help, phone(f"+121355501{10 + number}")),
            partial(crowd.subscribes, chat(7_900_000_200 + number)),
            partial(crowd.comes_and_goes, phone(f"+121355501{30 + number}")),
            partial(crowd.calls_for_help, chat(7_900_000_300 + number)),
            partial(crowd.subscribes, phone(f"+121355501{50 + number}")),
        ]
    return people
