"""What no text to the public may say: that it is safe, or that a person does what none has done.

Promises 3 and 8. The texts of the files are held to the same by the tests.
"""

import re
from collections.abc import Mapping

BY_A_PERSON = frozenset({"accepted", "new_owner", "relayed"})
"""Texts to who called that leave only because somebody of the staff has done something."""

OF_CASES = ("sms.case.", "chat.case.")

CLAIMS: Mapping[str, re.Pattern[str]] = {
    "es": re.compile(
        r"(?<!nadie ha )tomado su caso|(?<!nadie )\b(tengo|tiene|tom[óo]|lleva) (ya )?su caso"
        r"|\batiend"
        r"|\bley[óo]\b|\b(ha|han|est[áa]n?) le[íy]|\b(ya )?lo vio\b|\ben camino\b"
        r"|\b(va|van|vamos|viene|vienen) (por|hacia|para) (usted|all[áa]|su)|\bla ayuda (va|llega)"
        r"|\ba salvo\b|\bsegur[oa]s?\b|\bno se preocupe\b|\btranquil|\bgarantiz|\bprometemos\b"
        r"|\ble (ayudaremos|rescata|resolv)|\btodo (va a estar|estar[áa]) bien\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?<!no one )has taken your case|(?<!nobody )\b(has|have) (your case|it)\b"
        r"|\bis with your case\b"
        r"|\b(has|have) read\b|\bis reading\b|\bon (its|the|their) way\b|\bhelp (is|will)\b"
        r"|\bare coming\b|\bsafe\b|\bdo not worry\b|\bguarante|\bwe promise\b"
        r"|\bwill (help|rescue|save)\b|\bwill be (fine|all right)\b",
        re.IGNORECASE,
    ),
}
"""Of what leaves by itself to who called for help."""

VOUCHES: Mapping[str, re.Pattern[str]] = {
    "es": re.compile(
        r"\ba salvo\b"
        r"|(?<!quiere decir que sea )(?<!significa que sea )"
        r"\bsegur[oa]s?\b(?! (social|popular|m[ée]dico|de vida)\b)"
        r"|\bconfiables?\b|\bgarantiz|\bprometemos\b|\bno se preocupe\b|\btranquil"
        r"|\btodo (va a (estar|salir)|estar[áa]|saldr[áa]) bien\b|\bla ayuda (va|llega|viene)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?<!not mean it is )(?<!not mean that it is )\bsafe\b"
        r"|\btrustworthy\b|\bguarante|\bwe promise\b|\b(do not|don['’]t) worry\b"
        r"|\bwill be (fine|all right|okay)\b|\bhelp is (on|coming)\b",
        re.IGNORECASE,
    ),
}
"""Of every text: comfort, and a word for somebody else's offer."""


def claims(key: str, text: str, language: str) -> tuple[str, ...]:
    """The words of a text that claim too much. Another language is read as both: its speakers
    mix."""
    rules = [VOUCHES]
    if key.startswith(OF_CASES) and key.split(".")[2] not in BY_A_PERSON:
        rules.append(CLAIMS)
    found = (
        match[0]
        for patterns in rules
        for code, pattern in patterns.items()
        if language == code or language not in patterns
        for match in pattern.finditer(text)
    )
    return tuple(dict.fromkeys(found))
