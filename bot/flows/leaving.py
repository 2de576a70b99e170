"""Leaving, and one's own data: BAJA, looser wishes, DATOS, BORRAR."""

from bot import texts
from bot.flows.answers import is_plain_answer, yes_or_no
from bot.flows.asking import ask
from bot.flows.model import Erase, Input, KeepForPerson, Say, Stop, Turn, View
from bot.flows.subscribe import in_capitals
from bot.flows.topics import topic_words
from delivery.content import Option
from locales.phrases import listed

ERASE_OPTIONS = (
    Option("erase:yes", texts.BUTTON_ERASE_YES),
    Option("erase:no", texts.BUTTON_NO),
)


def stop(view: View) -> Turn:
    """A6, said once: a second BAJA is held and not answered."""
    if view.opted_out:
        return Turn(effects=(Stop(),))
    return Turn((Say(texts.STOPPED),), (Stop(),))


def stop_loosely(view: View) -> Turn:
    """A7: stop first, and let a person read the words."""
    del view
    return Turn((Say(texts.STOPPED_LOOSELY),), (Stop(), KeepForPerson("wish_to_leave")))


def data(view: View) -> Turn:
    """A11. Never a word of cases: who holds the phone may not be who wrote."""
    contact = view.contact
    if contact is None:
        return Turn((Say(texts.YOUR_DATA_NOTHING),))
    kept: list[object] = []
    if contact.origin_clave is not None:
        town = view.gazetteer.municipalities[contact.origin_clave].name
        kept.append(texts.data_town(in_capitals(town) if view.terse else town))
    if contact.topics and not view.opted_out:
        kept.append(texts.data_topics(topic_words(contact.topics)))
    if contact.city or contact.state or contact.country:
        place = ", ".join(part for part in (contact.city, contact.state, contact.country) if part)
        kept.append(texts.data_place(in_capitals(place) if view.terse else place))
    if not kept:
        kept.append(texts.data_language(contact.language))
    options = (
        Option("town:ask", texts.BUTTON_CHANGE_TOWN),
        Option("relation:ask", texts.BUTTON_RELATION),
        Option("erase:ask", texts.BUTTON_ERASE),
    )
    return Turn((Say(texts.YOUR_DATA, {"data": listed(kept)}, options),))


def erase_ask(view: View) -> Turn:
    """BORRAR asks once, for it cannot be undone."""
    if view.contact is None:
        return Turn((Say(texts.YOUR_DATA_NOTHING),))
    return ask(view, "erase", texts.ERASE_ASK, ERASE_OPTIONS)


def erase_answer(view: View, given: Input, action: str) -> Turn | None:
    """Yes or no to BORRAR."""
    del view
    # Only a plain yes: this cannot be undone.
    plain = yes_or_no(given.text) if is_plain_answer(given.text) else None
    said = {"erase:yes": True, "erase:no": False}.get(action, plain)
    if said is None:
        return None
    if said:
        return Turn((Say(texts.ERASED),), (Erase(),))
    return Turn((Say(texts.ERASE_DECLINED),))
