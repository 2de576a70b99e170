"""Values with which `locales.check` fills an SMS before it counts its segments.

Each is as long as what is meant to fit: a folio has 6 signs, a phone in E.164 12, and of the words
that the platform has (urgencies, kinds, days) the longest stands here. A longer town or city than
the sample still goes out, in two segments. A new placeholder of an `sms.` text needs a
value here.
"""

from collections.abc import Mapping

ANY_LANGUAGE: Mapping[str, str] = {
    "campaigns": "12",
    "city": "Salinas",
    "clock": "Oaxaca",
    "code": "21606",
    "colleague": "Guadalupe",
    "substitute": "Guadalupe",
    "days": "30",
    "until": "24/11 20:00",
    "nights": "12",
    "pages": "120",
    "other": "K7M2QX",
    "people": "Guadalupe, Esperanza, Magdalena y otros 12",
    "folio": "K7M2QX",
    "folios": "K7M2QX, K7M2QX, K7M2QX y otros 12",
    "hours": "21:00",
    "id": "1200",
    "limit": "1500",
    "minutes": "1440",
    "phone": "+12135550100",
    "sender": "sms-urgent",
    "help_phone": "+12135550100",
    "place": "San Francisco",
    "problem": "hay un caso sin persona y sin aviso a la guardia",
    "shift": "24/11 20:00 a 25/11 20:00",
    "town": "San Juan Mixtepec",
    "count": "12",
    "word": "NARANJA",
    "times": "12",
    "waiting": "12",
    "why": "demasiadas personas se dieron de baja",
    "year": "2021",
}

BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {
    "es": {
        "data": "pueblo San Juan Mixtepec, avisos de programas y fraudes, vive en San Francisco",
        "date": "3 de noviembre de 2026",
        "language": "otra lengua",
        "kind": "accidente o enfermedad",
        "options": "1 Mixteca, 2 Sierra Sur",
        "outcome": "localizada, no quiere contacto",
        "safety": "no se sabe si se puede escribir",
        "text": "Soy la persona de guardia. ¿Puede escribir ahora?",
        "topics": "programas, fraudes y emergencias",
        "urgency": "auxilio sin clasificar",
        "when": "el miércoles 30 de septiembre",
    },
    "en": {
        "data": "town San Juan Mixtepec, notices of programs and scams, you live in San Francisco",
        "date": "November 3, 2026",
        "language": "another language",
        "kind": "held against their will",
        "options": "1 Mixteca, 2 Sierra Sur",
        "outcome": "found, wants no contact",
        "safety": "not known if we may write",
        "text": "I am the person on duty. Can you write now?",
        "topics": "programs, scams and emergencies",
        "urgency": "call for help, not sorted",
        "when": "on Wednesday, September 30",
    },
}

LONGER: Mapping[str, int] = {
    # How many segments are allowed to a text that lists things, or that holds somebody's words.
    "sms.data.yours": 2,
    "sms.case.relayed": 2,
}


def samples(language: str) -> dict[str, str]:
    """Placeholder to value; a language without values of its own is measured with the Spanish."""
    return {**ANY_LANGUAGE, **BY_LANGUAGE["es"], **BY_LANGUAGE.get(language, {})}
