"""The table of words: what each means with nothing open, in a question, and in a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.triage import speaks_of_danger
from bot.flows import vocabulary
from bot.flows.answers import yes_or_no
from bot.flows.words import Command, Meaning, Moment, Reading, read, wishes_to_leave
from tests.unit.alerts.messages import EVERYDAY, IN_DANGER

IDLE, QUESTION, CASE = Moment.IDLE, Moment.QUESTION, Moment.CASE
LEAVING = {Meaning.STOP, Meaning.SILENT_EXIT, Meaning.LEAVE_QUESTION}

CALLS = [
    "SOS", "sos", "S.O.S.", "s o s", "SOSS", "soooos!!", "sos sos sos", "s0s", "¡SOS!", "🆘",
    "AUXILIO", "auxiliooo", "ausilio", "auxilo", "EMERGENCIA", "emerjensia", "emergency",
    "911", "9-1-1", "911 911", "911911", "HELP ME", "helpme", "help me!!", "/sos",
    "/sos@TequioBot", "ＳＯＳ", "por favor auxilio", "buenas noches, 911", "ayuda urgente",
    "Emergencias", "socorro",
]  # fmt: skip
STOPS = [
    "BAJA", "baja.", "¡BAJA!", "vaja", "STOP", "stop!!", "ALTO", "CANCEL", "QUIT", "END", "REVOKE",
    "UNSUBSCRIBE", "STOPALL", "stop all", "OPTOUT", "OPT OUT", "opt-out", "darme de baja",
    "quiero darme de baja", "/baja", "/stop", "/baja@TequioBot", "no más mensajes",
]  # fmt: skip
DANGERS = [
    "no me dejan salir", "alto, me vienen siguiendo", "no más golpes",
    "llamé al 911 y nadie contesta", "ayúdenme", "me tienen", "me secuestraron",
    "me quiero morir", "BAJA me tienen encerrada", "stop hitting me", "mi hijo no aparece",
    "déjenme salir", "ya no quiero nada, me quiero morir", "CONTACTOS FRESNO me están pegando",
    "cancelar no, me van a matar", "hola ayuda", "por favor ayuda", "salir no puedo me tienen",
]  # fmt: skip
WISHES = [
    "ya no quiero nada, déjenme", "déjenme", "déjenme en paz", "no me manden mensajes",
    "no me manden nada", "quítenme de la lista", "sáquenme de su lista", "bórrenme",
    "borren mi número", "ya no quiero avisos", "no quiero recibir mensajes", "dejen de molestar",
    "stop please", "BAJA por favor", "baja baja", "número equivocado", "please remove me",
    "leave me alone", "stop texting me", "don't text me anymore", "no more messages please",
    "wrong number", "PROGRAMAS ya no quiero mensajes", "denme de baja ya", "ya basta",
]  # fmt: skip

# (what arrives, nothing open, in a question, in a case)
TABLE: list[tuple[str, Meaning, Meaning, Meaning]] = [
    *((call, Meaning.SOS, Meaning.SOS, Meaning.SOS) for call in CALLS),
    *((stop, Meaning.STOP, Meaning.STOP, Meaning.STOP) for stop in STOPS),
    *((words, Meaning.DANGER, Meaning.DANGER, Meaning.TO_GUARD) for words in DANGERS),
    *((wish, Meaning.WISH_TO_LEAVE, Meaning.WISH_TO_LEAVE, Meaning.TO_GUARD) for wish in WISHES),
    *(
        (help_, Meaning.HELP, Meaning.HELP, Meaning.TO_GUARD)
        for help_ in ("AYUDA", "ayuda!", "HELP", "INFO", "/ayuda", "/help", "información", "alluda")
    ),
    *(
        (no_more, Meaning.STOP, Meaning.STOP, Meaning.TO_GUARD)
        for no_more in ("no más", "NO MAS!", "no more")
    ),
    *(
        (leave, Meaning.STOP, Meaning.LEAVE_QUESTION, Meaning.SILENT_EXIT)
        for leave in ("SALIR", "salir.", "EXIT", "/salir")
    ),
    *(
        (goodbye, Meaning.FREE, Meaning.LEAVE_QUESTION, Meaning.SILENT_EXIT)
        for goodbye in ("ADIOS", "adiós", "bye")
    ),
    *(
        (cancel, Meaning.STOP, Meaning.LEAVE_QUESTION, Meaning.FALSE_ALARM)
        for cancel in ("CANCELAR", "cancelar!")
    ),
    *(
        (well, Meaning.FREE, Meaning.ANSWER, Meaning.FALSE_ALARM)
        for well in ("falsa alarma", "ya estoy bien", "era broma", "false alarm", "I'm ok now")
    ),
    *(
        (answer, Meaning.ANSWER, Meaning.ANSWER, Meaning.ANSWER)
        for answer in ("1", "2", "SI", "sí", "NO", "no.", "1 SI", "2 NO", "no gracias", "yes")
    ),
    *(
        (command, Meaning.COMMAND, Meaning.COMMAND, Meaning.TO_GUARD)
        for command in ("ALTA TLAXIACO", "CONTACTOS FRESNO", "VERIFICAR 5550100", "LUGAR FRESNO")
    ),
    *(
        (maybe, Meaning.COMMAND, Meaning.ANSWER, Meaning.TO_GUARD)
        for maybe in ("TEMAS fraude", "IDIOMA mixteco", "PROGRAMAS MIXTECA")
    ),
    *(
        (free, Meaning.FREE, Meaning.ANSWER, Meaning.TO_GUARD)
        for free in (
            "no estoy bien", "Baja California", "alto nivel", "salir mañana", "Tlaxiaco",
            "datos de mi hijo", "ayuda para mi mamá", "me tienen que dar informes", "no llega nada",
            "programa de ayuda", "quiero hablar con una persona", "???", "😭", "ok", "gracias",
            "soy de San Juan Mixtepec", "la ALTA de mi trámite", "necesito CONTACTOS",
        )
    ),
    ("", Meaning.FREE, Meaning.FREE, Meaning.FREE),
    (" \n\t", Meaning.FREE, Meaning.FREE, Meaning.FREE),
]  # fmt: skip
CELLS = [
    (said, moment, meaning)
    for said, *meanings in TABLE
    for moment, meaning in zip((IDLE, QUESTION, CASE), meanings, strict=True)
]


def test_each_cell_of_the_table() -> None:
    for said, moment, meaning in CELLS:
        assert read(said, moment).meaning is meaning, (said, moment)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(
    "said",
    [
        "no me dejan salir",
        "alto, me vienen siguiendo",
        "no más golpes",
        "llamé al 911 y nadie contesta",
        "Llame al 911, y nadie contesta!!",
        "ALTO ME VIENEN SIGUIENDO",
    ],
)
def test_the_four_cries_never_stop_or_leave(said: str, moment: Moment) -> None:
    expected = Meaning.TO_GUARD if moment is CASE else Meaning.DANGER
    assert read(said, moment).meaning is expected


MEDIA = [
    ("", Meaning.FREE, Meaning.ANSWER, Meaning.TO_GUARD),
    ("mi papá", Meaning.FREE, Meaning.ANSWER, Meaning.TO_GUARD),
    ("AYUDA", Meaning.FREE, Meaning.ANSWER, Meaning.TO_GUARD),
    ("hola", Meaning.FREE, Meaning.ANSWER, Meaning.TO_GUARD),
    ("ya estoy bien", Meaning.FREE, Meaning.ANSWER, Meaning.TO_GUARD),
    ("SOS", Meaning.SOS, Meaning.SOS, Meaning.SOS),
    ("me pegan", Meaning.DANGER, Meaning.DANGER, Meaning.TO_GUARD),
    ("BAJA", Meaning.WISH_TO_LEAVE, Meaning.WISH_TO_LEAVE, Meaning.STOP),
    ("no más", Meaning.WISH_TO_LEAVE, Meaning.WISH_TO_LEAVE, Meaning.TO_GUARD),
    ("SALIR", Meaning.WISH_TO_LEAVE, Meaning.ANSWER, Meaning.SILENT_EXIT),
    ("ya no quiero avisos", Meaning.WISH_TO_LEAVE, Meaning.WISH_TO_LEAVE, Meaning.TO_GUARD),
    ("VERIFICAR", Meaning.COMMAND, Meaning.COMMAND, Meaning.TO_GUARD),
    ("2", Meaning.FREE, Meaning.ANSWER, Meaning.ANSWER),
]


@pytest.mark.parametrize(("caption", "idle", "question", "case"), MEDIA)
def test_a_voice_note_or_photo_reaches_a_person(
    caption: str, idle: Meaning, question: Meaning, case: Meaning
) -> None:
    found = tuple(read(caption, moment, has_media=True).meaning for moment in Moment)
    assert found == (idle, question, case)


COMMANDS = [
    (Command.JOIN, ["ALTA", "alta", "ÁLTA", "join", "subscribe", "/alta", "quiero avisos"]),
    (Command.TOPICS, ["TEMAS", "topics", "/temas", "/topics"]),
    (Command.LANGUAGE, ["IDIOMA", "language", "/idioma", "/language"]),
    (Command.PLACE, ["LUGAR", "place", "/lugar", "/place"]),
    (
        Command.VERIFY,
        ["VERIFICAR", "berificar", "verify", "/verificar", "/verify", "¿será fraude?"],
    ),
    (Command.CONTACTS, ["CONTACTOS", "contacts", "/contactos", "/contacts", "teléfonos de ayuda"]),
    (Command.PROGRAMS, ["PROGRAMAS", "programs", "/programas", "/programs", "programa"]),
    (Command.PRIVACY, ["PRIVACIDAD", "privacy", "/privacidad", "/privacy", "aviso de privacidad"]),
    (Command.DATA, ["DATOS", "mis datos", "/misdatos", "/mydata", "data", "/mis_datos"]),
    (Command.ERASE, ["BORRAR", "borrar todo", "erase", "delete my data", "/borrar"]),
    (Command.START, ["/start", "/start@TequioBot", "start", "menú", "inicio", "Hola", "ola"]),
    (Command.START, ["Buenas tardes", "hola, buenos días!", "hello", "good morning", "hi"]),
]


@pytest.mark.parametrize("moment", [IDLE, QUESTION])
def test_each_command_by_all_its_names(moment: Moment) -> None:
    for command, words in COMMANDS:
        for said in words:
            assert read(said, moment) == Reading(Meaning.COMMAND, command, ""), said


@pytest.mark.parametrize(
    ("said", "command", "rest"),
    [
        ("ALTA TLAXIACO", Command.JOIN, "TLAXIACO"),
        ("alta: Santa María Yucuhiti", Command.JOIN, "Santa María Yucuhiti"),
        ("Álta Ñumí", Command.JOIN, "Ñumí"),
        ("ALTA\nPutla", Command.JOIN, "Putla"),
        ("CONTACTOS FRESNO", Command.CONTACTS, "FRESNO"),
        ("/contactos@TequioBot San Quintín", Command.CONTACTS, "San Quintín"),
        ("LUGAR Los Ángeles, CA", Command.PLACE, "Los Ángeles, CA"),
        ("VERIFICAR +1 213 555 0100 ¿es real?", Command.VERIFY, "+1 213 555 0100 ¿es real?"),
        ("VERIFICAR: ¿es real?", Command.VERIFY, "¿es real?"),
        ("/start programa7", Command.START, "programa7"),
        ("SOS mi hijo no llega", Command.SOS, "mi hijo no llega"),
        ("SOS!! Mi hijo no llega", Command.SOS, "Mi hijo no llega"),
        ("S.O.S. estoy en Nogales", Command.SOS, "estoy en Nogales"),
        ("sos sos, vengan", Command.SOS, "vengan"),
        ("Por favor AUXILIO: Juárez 5", Command.SOS, "Juárez 5"),
        ("help me, I'm in Fresno", Command.SOS, "I'm in Fresno"),
        ("🆘 Estoy en Nogales", Command.SOS, "Estoy en Nogales"),
        ("/sos@TequioBot", Command.SOS, ""),
        ("so\u0301s mi hijo", Command.SOS, "mi hijo"),
        ("𝐒𝐎𝐒 mi hijo", Command.SOS, "mi hijo"),
        ("BAJA", Command.STOP, ""),
        ("AYUDA", Command.HELP, ""),
        ("  hola soy Ana  ", None, "hola soy Ana"),
        ("no me dejan salir", None, "no me dejan salir"),
    ],
)
def test_what_follows_the_command_is_kept_as_written(
    said: str, command: Command | None, rest: str
) -> None:
    found = read(said, IDLE)
    assert (found.command, found.rest) == (command, rest)


@pytest.mark.parametrize("said", ["911 5550100", "9115550100", "tengo 911 pesos", "el SOS"])
def test_911_counts_as_a_word_at_the_start(said: str) -> None:
    assert (read(said, IDLE).meaning is Meaning.SOS) == (said == "911 5550100")


@pytest.mark.parametrize("town", ["Baja California", "Alto Lucero", "San Pablo Salir", "Fin"])
def test_a_town_that_holds_a_stop_word_is_an_answer(town: str) -> None:
    assert read(town, QUESTION).meaning is Meaning.ANSWER


@pytest.mark.parametrize("said", ["SI TLAXIACO", "sí, San Juan Mixtepec", "yes Fresno", "3", "10"])
def test_a_late_answer_is_left_to_the_caller(said: str) -> None:
    assert read(said, IDLE).meaning is Meaning.ANSWER


@pytest.mark.parametrize("said", ["si me pueden ayudar con el acta de mi hijo por favor", "951"])
def test_a_sentence_is_no_late_answer(said: str) -> None:
    assert read(said, IDLE).meaning is Meaning.FREE


def test_a_quoted_opt_out_is_verified_and_not_obeyed() -> None:
    assert read("VERIFICAR dice stop texting this number", IDLE).command is Command.VERIFY


@pytest.mark.parametrize(
    ("said", "yes"),
    [
        ("1", True),
        ("si", True),
        ("1 SI", True),
        ("1, estoy en Nogales", True),
        ("1 mi hijo está en Nogales", True),
        ("SI. Estoy en Nogales", True),
        ("2", False),
        ("NO", False),
        ("2 NO", False),
        ("2) no", False),
        ("no por favor", False),
        ("no, mi esposo revisa el teléfono", False),
        ("2 mi esposo lo ve", False),
        ("2 hombres", None),
        ("no llega mi hijo", None),
        ("si llega le aviso", None),
        ("ok", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_yes_or_no_is_taken_only_when_it_is_certain(said: str, yes: bool | None) -> None:
    assert yes_or_no(said) is yes
    assert read(said, CASE).yes is yes


def test_a_no_beside_danger_goes_to_the_guard_and_is_still_a_no() -> None:
    found = read("2, me tienen encerrada", CASE)
    assert (found.meaning, found.yes) == (Meaning.TO_GUARD, False)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(
    "said", ["SOS no me escriban", "me tienen, no me contesten", "mi marido revisa mi celular"]
)
def test_who_must_not_be_written_to_is_marked_at_every_moment(said: str, moment: Moment) -> None:
    assert read(said, moment).hush


def test_a_silent_exit_is_marked_too() -> None:
    assert read("SALIR", CASE).hush
    assert not read("SALIR", IDLE).hush


def test_no_me_escriban_is_an_opt_out_or_a_wish_for_silence_by_its_moment() -> None:
    assert (read("no me escriban", IDLE).meaning, read("no me escriban", IDLE).hush) == (
        Meaning.WISH_TO_LEAVE,
        False,
    )
    assert (read("no me escriban", CASE).meaning, read("no me escriban", CASE).hush) == (
        Meaning.TO_GUARD,
        True,
    )


@pytest.mark.parametrize("said", [*WISHES, "STOP"])
def test_a_wish_to_leave_is_known_beside_a_case_too(said: str) -> None:
    assert wishes_to_leave(said)


def test_everyday_words_are_for_a_person_and_not_for_the_guard() -> None:
    wrong = LEAVING | {Meaning.SOS, Meaning.DANGER}
    everyday = [one for one in EVERYDAY if not wishes_to_leave(one)]
    assert [one for one in everyday if read(one, IDLE).meaning in wrong] == []


def test_few_everyday_words_stop_campaigns() -> None:
    wishes = {
        "sáquenme de la lista",
        "quítenme de la lista",
        "ya no quiero mensajes",
        "déjenme en paz",
        "déjenme",
        "no me manden mensajes",
        "no quiero nada",
        "no me interesa",
        "quiero darme de baja",
        "stop",
        "baja",
        "remove me from the list",
        "leave me alone",
        "please stop texting me",
    }
    assert {said for said in EVERYDAY if wishes_to_leave(said)} == wishes


def test_no_word_of_the_system_is_heard_as_danger() -> None:
    words = vocabulary.STOP | vocabulary.NO_MORE | vocabulary.LEAVE | vocabulary.GOODBYE
    words |= vocabulary.CANCEL | vocabulary.HELP | frozenset(vocabulary.SLASH)
    for phrases in (*vocabulary.FIRST_WORDS.values(), *vocabulary.WHOLE.values()):
        words |= phrases
    assert {word for word in words if speaks_of_danger(word)} == set()


def test_no_command_is_taken_for_a_wish_to_leave() -> None:
    commands = frozenset(vocabulary.SLASH)
    for phrases in (*vocabulary.FIRST_WORDS.values(), *vocabulary.WHOLE.values()):
        commands |= phrases
    assert {command for command in commands if wishes_to_leave(command)} == set()


def test_reading_shows_no_text_of_the_person() -> None:
    assert "Nogales" not in repr(read("SOS estoy en Nogales", IDLE))


ANY_MOMENT = st.sampled_from(Moment)
FIRST_CALLS = st.sampled_from(
    ["SOS", "sos", "S.O.S", "soss", "AUXILIO", "Emergencia", "911", "help me", "/sos", "🆘"]
)
GAPS = st.sampled_from([" ", ", ", "! ", "\n", " - ", ": ", "... "])
STOPPING = st.sampled_from(
    ["BAJA", "STOP", "alto", "no más", "SALIR", "CANCELAR", "adiós", "falsa alarma", "cancel"]
)
# «Necesito ayuda» is a cry only as a whole message.
CRIES = st.sampled_from(
    [cry for cry in IN_DANGER if len(cry.split()) > 3 and "necesito ayuda" not in cry]
)


@given(st.text(), ANY_MOMENT, st.booleans())
def test_any_text_can_be_read(text: str, moment: Moment, has_media: bool) -> None:
    assert read(text, moment, has_media=has_media).meaning in Meaning


@given(FIRST_CALLS, GAPS, st.text(), ANY_MOMENT, st.booleans())
def test_a_first_word_of_distress_is_always_sos(
    call: str, gap: str, text: str, moment: Moment, has_media: bool
) -> None:
    assert read(call + gap + text, moment, has_media=has_media).meaning is Meaning.SOS


@given(CRIES, STOPPING, GAPS, ANY_MOMENT, st.booleans(), st.booleans())
def test_a_cry_beside_a_stop_word_never_stops_or_leaves(
    cry: str, stop: str, gap: str, moment: Moment, first: bool, has_media: bool
) -> None:
    said = stop + gap + cry if first else cry + gap + stop
    found = read(said, moment, has_media=has_media)
    assert found.meaning not in LEAVING | {Meaning.FALSE_ALARM, Meaning.WISH_TO_LEAVE}


@given(st.text(), STOPPING, st.text(), ANY_MOMENT)
def test_whatever_is_heard_as_danger_never_stops_or_leaves(
    before: str, stop: str, after: str, moment: Moment
) -> None:
    said = f"{before} {stop} {after}"
    if speaks_of_danger(said):
        assert read(said, moment).meaning not in LEAVING


@pytest.mark.parametrize(
    "word",
    [
        *("ALTA", "BAJA", "AYUDA", "SOS", "TEMAS", "IDIOMA", "LUGAR", "VERIFICAR", "CONTACTOS"),
        *("PROGRAMAS", "PRIVACIDAD", "DATOS", "BORRAR"),
        *("JOIN", "STOP", "HELP", "TOPICS", "LANGUAGE", "PLACE", "CHECK", "CONTACTS"),
        *("PROGRAMS", "PRIVACY", "DATA", "DELETE"),
        *("/start", "/ayuda", "/sos", "/temas", "/idioma", "/lugar", "/verificar", "/contactos"),
        *("/programas", "/privacidad", "/misdatos", "/baja"),
        *("/help", "/topics", "/language", "/place", "/check", "/verify", "/contacts"),
        *("/programs", "/privacy", "/mydata", "/stop"),
    ],
)
def test_every_word_that_the_texts_name_is_known(word: str) -> None:
    assert read(word, Moment.IDLE).command is not None
