"""What can be put into a campaign of where its recipient is from and is now, as a run freezes it.

The directory may change while a run goes out; what was true when it opened is what everybody is
told. A consulate is named by the rules of the directory: none of another city.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from campaigns.content.model import Wording
from contacts.atlas import Place, Region
from contacts.gazetteer import load_gazetteer
from db.session import Session
from delivery import runs
from delivery.filling import Known, Whereabouts, place_key
from delivery.filling_store import keep
from directory import rules, service
from directory.model import EmergencyContact
from kit.zones import OAXACA

_OFFICE = re.compile(r"[(,]")
"""What follows it in a name is an office of a consulate and its hours."""


async def freeze(session: Session, run_id: int, contents: Mapping[str, Wording]) -> None:
    """Keep what a run will say of each place, as far as its wordings ask for it.

    Called in the unit that opens the run. Towns need the gazetteer, which takes half a second to
    read when nobody has.
    """
    wanted = {name for wording in contents.values() for name in wording.placeholders}
    values: dict[str, str] = {}
    if Known.REGION in wanted:
        values |= _regions()
    if Known.TOWN in wanted:
        values |= _towns()
    if Known.NEAREST_CONSULATE in wanted:
        opened = await runs.get(session, run_id)
        if opened is not None:
            today = opened.started_at.astimezone(ZoneInfo(OAXACA)).date()
            values |= consulates(await service.listed(session), today)
    await keep(session, run_id, values)


def consulates(entries: Sequence[EmergencyContact], today: date) -> dict[str, str]:
    """The consulate of every place that has one, by the key of the place."""
    places = {
        Place(entry.country, state, city, "")
        for one in entries
        for entry in (one.entry,)
        if entry.kind in rules.CONSULATE_KINDS
        for state, city in ((entry.state, entry.city), (entry.state, None), (None, entry.city))
        if state or city
    }
    found: dict[str, str] = {}
    for place in places:
        consulate = rules.choose(entries, place, today).consulate
        whereabouts = Whereabouts(country=place.country, state=place.state, city=place.city)
        key = place_key(Known.NEAREST_CONSULATE, whereabouts)
        if consulate is not None and key is not None:
            found[key] = named(consulate)
    return found


def named(consulate: EmergencyContact) -> str:
    """What a consulate is called: by its whole name and its number once somebody has called it,
    else by its name alone, without the office and the hours of a number that is not said."""
    entry = consulate.entry
    if consulate.verified:
        return f"{entry.name}, {entry.phone}"
    return _OFFICE.split(entry.name, maxsplit=1)[0].strip() or entry.name


def _regions() -> dict[str, str]:
    return {
        key: region.official_name
        for region in Region
        if (key := place_key(Known.REGION, Whereabouts(origin_region=region.value)))
    }


def _towns() -> dict[str, str]:
    return {
        key: town.name
        for clave, town in load_gazetteer().municipalities.items()
        if (key := place_key(Known.TOWN, Whereabouts(origin_clave=clave)))
    }
