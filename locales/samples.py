"""Values with which `locales.check` fills an SMS before it counts its segments.

Each is as long as what is meant to fit: a folio has 6 signs, a phone in E.164 12. A longer town or
city than the sample still goes out, in two segments. A new placeholder of an `sms.` text needs a
value here.
"""

from collections.abc import Mapping

ANY_LANGUAGE: Mapping[str, str] = {
    "campaigns": "12",
    "city": "Salinas",
    "code": "21606",
    "colleague": "Maria",
    "substitute": "Guadalupe",
    "days": "30",
    "until": "24/11 8:00",
    "nights": "12",
    "pages": "120",
    "other": "K7M2QX",
    "people": "Alba, Luz, Sol y otros 4",
    "folio": "K7M2QX",
    "folios": "K7M2QX, K7M2QX, K7M2QX",
    "hours": "9:00",
    "limit": "1500",
    "minutes": "15",
    "phone": "+12135550100",
    "sender": "sms-urgent",
    "help_phone": "+12135550100",
    "place": "San Francisco",
    "problem": "hay un caso sin persona y sin aviso a la guardia",
    "shift": "20:00 a 8:00",
    "town": "San Juan Mixtepec",
    "count": "12",
    "word": "NARANJA",
    "waiting": "12",
    "year": "2021",
}

BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {
    "es": {
        "data": "pueblo San Juan Mixtepec, avisos de programas y fraudes, vive en San Francisco",
        "date": "3 de noviembre de 2026",
        "language": "español",
        "kind": "accidente o enfermedad",
        "options": "1 Mixteca, 2 Sierra Sur",
        "outcome": "la persona fue localizada",
        "safety": "la persona dijo 2 NO ESCRIBIR",
        "text": "Soy la persona de guardia. ¿Puede escribir ahora?",
        "topics": "programas, fraudes y emergencias",
        "urgency": "vida en riesgo",
        "when": "mañana",
    },
    "en": {
        "data": "town San Juan Mixtepec, notices of programs and scams, you live in San Francisco",
        "date": "November 3, 2026",
        "language": "Spanish",
        "kind": "accident or illness",
        "options": "1 Mixteca, 2 Sierra Sur",
        "outcome": "the person was found",
        "safety": "the person said 2 DO NOT WRITE",
        "text": "I am the person on duty. Can you write now?",
        "topics": "programs, scams and emergencies",
        "urgency": "life at risk",
        "when": "tomorrow",
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
