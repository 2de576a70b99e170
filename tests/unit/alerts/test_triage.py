"""Words of danger page; everyday words do not wake anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import danger_en, danger_es, distress_es
from alerts.phrasebook import PhraseBook
from alerts.triage import (
    asks_for_money,
    asks_not_to_be_written,
    is_watched,
    says_false_alarm,
    speaks_of_danger,
    speaks_of_death,
)
from kit.fold import fold
from tests.unit.alerts.messages import EVERYDAY, IN_DANGER

KINDS = [
    (kind, name, getattr(module, name))
    for kind, module in (("es", danger_es), ("es", distress_es), ("en", danger_en))
    for name in vars(module)
    if name.isupper() and "\n" in str(getattr(module, name)) and name != "BY_OTHERS"
]


def test_words_of_danger_are_heard() -> None:
    assert [one for one in IN_DANGER if not speaks_of_danger(one)] == []


def test_everyday_words_wake_nobody() -> None:
    assert [one for one in EVERYDAY if speaks_of_danger(one)] == []


@pytest.mark.parametrize(
    "message",
    [
        "NO ME DEJAN SALIR",
        "no me dejan salir!!!",
        "no  me\ndejan… salir",
        "«no me dejan salir»",
        "\u202eno me dejan salir",
        "no\u200b me dejan salir",
        "𝐧𝐨 𝐦𝐞 𝐝𝐞𝐣𝐚𝐧 𝐬𝐚𝐥𝐢𝐫",
        "hola buenas noches, disculpe la hora, es que no me dejan salir desde ayer",
    ],
)
def test_danger_is_heard_however_it_is_typed(message: str) -> None:
    assert speaks_of_danger(message)


@pytest.mark.parametrize(
    "message",
    [
        "me kieren matar",
        "m secuestraron",
        "me sekuestraron",
        "estoy enserada",
        "me stan golpeando",
        "alludenme",
        "ausilio me pegan",
        "k no m dejan salir",
        "me bienen siguiendo",
        "auxiliooo",
        "they wont let me leave",
        "im being held",
        "he is gonna kill me",
        "i cannot breathe",
    ],
)
def test_danger_is_heard_in_hurried_spelling(message: str) -> None:
    assert speaks_of_danger(message)


@pytest.mark.parametrize("message", ["me tienen", "me tienen, ¿qué hago?", "ya me tienen aqui"])
def test_me_tienen_is_danger(message: str) -> None:
    assert speaks_of_danger(message)


@pytest.mark.parametrize("verb", ["dar informes", "pagar", "llamar", "responder", "avisarme"])
def test_me_tienen_que_is_an_errand(verb: str) -> None:
    assert not speaks_of_danger(f"me tienen que {verb}")


@pytest.mark.parametrize("errand", ["me tienen que dar informes", "programa de ayuda", "mi cita"])
@pytest.mark.parametrize("danger", ["y me tienen encerrada", "pero me quieren matar"])
def test_an_errand_hides_no_danger_beside_it(errand: str, danger: str) -> None:
    assert speaks_of_danger(f"{errand} {danger}")
    assert speaks_of_danger(f"{danger} {errand}")


def test_striking_everyday_words_joins_nothing_that_stood_apart() -> None:
    book = PhraseBook.of(spanish="me golpean", harmless_spanish="que no")
    assert book.found_in("me golpean")
    assert not book.found_in("me que no golpean")


@pytest.mark.parametrize(("language", "name", "lines"), KINDS)
def test_no_list_of_danger_hears_it_in_nothing(language: str, name: str, lines: str) -> None:
    del name
    book = PhraseBook.of(spanish=lines) if language == "es" else PhraseBook.of(english=lines)
    assert not book.found_in("")
    assert not book.found_in("buenas tardes quisiera saber de los programas")
    assert not book.found_in("good afternoon i would like to know about the programs")


def test_a_book_without_phrases_finds_nothing() -> None:
    assert not PhraseBook.of().found_in("no me dejan salir")


@pytest.mark.parametrize(
    ("phrase", "found", "missed"),
    [
        ("me tienen", "ya me tienen aquí", "ya me detienen aquí"),
        ("me|nos tienen", "nos tienen", "los tienen"),
        ("secuestr*", "secuestraron", "antisecuestro"),
        ("que *ar", "que pagar", "que pago"),
        ("muy? grave", "grave", "agravio"),
        ("me sigue !*ando", "me sigue un carro", "me sigue cobrando"),
        ("hijo .. llega", "hijo que ayer no llega", "hijo que desde ayer ya no llega"),
        ("^ socorro", "socorro ya", "el socorro"),
        ("sos $", "mi hijo sos", "sos mi hijo"),
        ("me|nos\n    |lo tienen", "lo tienen", "la tienen"),
        ("me\n    | tienen", "me tienen", "tienen"),
    ],
)
def test_the_signs_of_a_phrase(phrase: str, found: str, missed: str) -> None:
    book = PhraseBook.of(spanish=phrase)
    assert book.found_in(found)
    assert not book.found_in(missed)


@pytest.mark.parametrize(
    "message",
    [
        "SOS me piden dinero por mi hijo",
        "quieren un rescate",
        "piden un deposito en oxxo",
        "que haga una transferencia",
        "me piden 50 mil pesos",
        "nos piden que paguemos hoy",
        "they want a ransom",
        "they are asking for money",
        "si no pago lo matan",
    ],
)
def test_a_demand_for_money_is_heard(message: str) -> None:
    assert asks_for_money(message)


@pytest.mark.parametrize(
    "message",
    [
        "mi hijo no llega a Nogales",
        "estoy sin dinero en Nogales",
        "no tengo dinero y estoy perdido",
        "me robaron todo mi dinero",
        "no me han pagado",
        "me piden mi acta",
        "i have no money",
        "apagaron la luz",
    ],
)
def test_other_words_of_money_demand_nothing(message: str) -> None:
    assert not asks_for_money(message)


@pytest.mark.parametrize(
    "message",
    [
        "falleció mi hermano",
        "murió mi papá en Fresno",
        "quiero traer el cuerpo de mi tío",
        "repatriación de restos",
        "lo mataron",
        "my father passed away",
        "he died yesterday",
    ],
)
def test_a_death_is_heard(message: str) -> None:
    assert speaks_of_death(message)


@pytest.mark.parametrize(
    "message",
    ["me quiero morir", "me muero de hambre", "muerto de frío", "se murió mi celular", "hola"],
)
def test_other_words_tell_no_death(message: str) -> None:
    assert not speaks_of_death(message)


@pytest.mark.parametrize(
    "message",
    [
        "falsa alarma",
        "Fue una falsa alarma, perdón",
        "ya estoy bien",
        "ya estoy bien gracias",
        "estamos bien",
        "no se preocupen, ya estoy bien",
        "no pasa nada, era broma",
        "era broma",
        "cancelar",
        "CANCELAR la alerta",
        "me equivoqué",
        "lo mandé sin querer",
        "ya no hay peligro, falsa alarma",
        "false alarm",
        "I'm ok now",
        "im fine",
        "it was a joke",
        "never mind",
    ],
)
def test_a_false_alarm_is_heard(message: str) -> None:
    assert says_false_alarm(message)


@pytest.mark.parametrize(
    "message",
    [
        "no estoy bien",
        "ya no estoy bien",
        "no es falsa alarma",
        "no fue broma",
        "esto no es una broma",
        "ni es broma ni falsa alarma",
        "me obligan a decir que ya estoy bien",
        "dicen que es falsa alarma",
        "ya estoy bien pero mi hijo sigue allá",
        "ya estoy bien asustada",
        "estoy bien preocupada",
        "fue un accidente",
        "quiero cancelar mi cita",
        "está bien",
        "I'm not ok",
        "this is not a false alarm",
        "I am fine but they have my brother",
        "estoy bien mal",
    ],
)
def test_what_only_sounds_like_a_false_alarm(message: str) -> None:
    assert not says_false_alarm(message)


@pytest.mark.parametrize(
    "message",
    [
        "no me escriban",
        "por favor no me contesten",
        "no me manden mensajes",
        "no me llamen",
        "me tienen encerrada no me escriban",
        "mi esposo me revisa el celular",
        "revisa mis mensajes",
        "si me escriben me mata",
        "es peligroso que me llamen",
        "don't text me back",
        "it is not safe to text",
        "he checks my phone",
        "they have my phone",
    ],
)
def test_a_wish_for_silence_is_heard(message: str) -> None:
    assert asks_not_to_be_written(message)


@pytest.mark.parametrize(
    "message",
    [
        "no me contestan",
        "nadie me escribe",
        "escríbanme por favor",
        "¿me pueden llamar?",
        "¿no me pueden llamar?",
        "no me llamen, mejor escríbanme",
        "mi hijo tiene el celular apagado",
        "no me manden a México",
        "don't call me, text me",
        "they have my phone number",
        "no tengo celular",
    ],
)
def test_other_words_ask_for_no_silence(message: str) -> None:
    assert not asks_not_to_be_written(message)


def test_only_a_read_phone_is_watched() -> None:
    assert is_watched("mi marido revisa mi celular")
    assert not is_watched("no me escriban")


@given(st.text())
def test_any_text_can_be_listened_to(text: str) -> None:
    heard = speaks_of_danger(text)
    assert heard == speaks_of_danger(text)
    for listen in (asks_for_money, speaks_of_death, says_false_alarm, asks_not_to_be_written):
        assert listen(text) in (True, False)


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "Z", "P", "Nd"])))
def test_folded_and_original_text_are_heard_alike(text: str) -> None:
    assert speaks_of_danger(text) == speaks_of_danger(fold(text))


@pytest.mark.parametrize("more", ["hola", "BAJA", "2", "oiga", "ok", "mi nombre es Ana"])
def test_words_before_and_after_hide_no_danger(more: str) -> None:
    # «Necesito ayuda» is a cry only as a whole message; a longer cry is one among other words too.
    cries = [m for m in IN_DANGER if len(m.split()) > 3 and "necesito ayuda" not in m]
    hidden = [
        said
        for cry in cries
        for said in (f"{more} {cry}", f"{cry} {more}")
        if not speaks_of_danger(said)
    ]
    assert hidden == []
