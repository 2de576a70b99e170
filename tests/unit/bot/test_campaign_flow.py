"""What a campaign asks back never takes a word from the table: every cell of it stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.model import Case, CaseState, Kind, MayWrite, Urgency
from bot import texts
from bot.flows import router
from bot.flows.campaign import word_pressed
from bot.flows.model import (
    AddToCase,
    FirstOf,
    Input,
    KeepForPerson,
    KeepPress,
    MarkKeyword,
    OpenCase,
    PollOf,
    PosterOf,
    PressOf,
    Question,
    Say,
    Show,
    Stop,
    Subscribe,
    Turn,
    View,
)
from campaigns.replies.presses import AnswerKind, OutOfRange, Poster, Press, Pressed
from campaigns.replies.typed import Beside
from contacts.gazetteer import load_gazetteer
from contacts.model import Contact, Topic
from delivery.content import Button, Content
from kit.channels import Channel, Endpoint
from staff.hours import OFFICE

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
SOMEBODY = Contact(7, "es", NOW, topics=frozenset({Topic.FRAUD}))
BY_SMS = View(NOW, Channel.SMS, "es", load_gazetteer(), OFFICE, contact=SOMEBODY)
BY_CHAT = replace(BY_SMS, channel=Channel.TELEGRAM)
POLL = ((Button("Sí", "k:5:p1"), Button("Todavía no", "k:5:p2")),)
FERIA = Poster("feria", Content("La feria es el 3.", "La feria es el 3."))
ASKING = Poster("feria", Content("¿Viene?", "¿Viene? 1 Si, 2 Todavia no", POLL))
HELPED = Pressed(Press(5, AnswerKind.HELPED), 9, is_new=True)
MISSED = OutOfRange(5, 9, 2)
SECOND = Pressed(Press(5, AnswerKind.POLL, "2"), 9, is_new=True)


def says(view: View, text: str) -> Turn:
    return router.turn(view, Input(text))


def presses(view: View, data: str) -> Turn:
    return router.turn(view, Input(choice=data))


def told(turn: Turn) -> list[object]:
    return [reply.text if isinstance(reply, Say) else reply.content for reply in turn.replies]


def asked(view: View, name: str, *options: str, hours: float = 1) -> View:
    return replace(view, question=Question(name, NOW - timedelta(hours=hours), options))


def a_case(may_write: MayWrite = MayWrite.UNKNOWN) -> Case:
    reporter = Endpoint(Channel.SMS, "+12135550112")
    state, kind, urgency = CaseState.OPEN, Kind.OTHER, Urgency.UNSORTED
    return Case(1, "K7M2QX", state, kind, urgency, reporter, "es", may_write, "NARANJA", NOW)


# By SMS: numbers and words


@pytest.mark.parametrize(
    "text", ["1", "4", "7", "SI", "NO", "si gracias", "agua potable", "2, me cobraron", "👍"]
)
def test_with_nothing_open_words_may_answer_a_poll(text: str) -> None:
    turn = says(BY_SMS, text)
    assert turn.query == PollOf(text)


def test_one_word_is_looked_for_on_posters_after_the_poll() -> None:
    then = PosterOf("agua", may_answer=True)
    assert says(BY_SMS, "Agua").query == FirstOf((PollOf("Agua"), then))


@pytest.mark.parametrize("text", ["x" * 1_600, "si " * 533, "", "   "], ids=range(4))
def test_what_is_too_long_or_nothing_is_looked_up_nowhere(text: str) -> None:
    assert says(BY_SMS, text).query is None


TABLE = {
    "SOS": OpenCase(Urgency.UNSORTED, story=False),
    "no me dejan salir": OpenCase(Urgency.POSSIBLE),
    "BAJA": Stop(),
    "stop": Stop(),
    "ALTO": Stop(),
    "cancel": Stop(),
    "CANCELAR": Stop(),
    "no más": Stop(),
    "ya no quiero mensajes": Stop(),
}


@pytest.mark.parametrize(("text", "effect"), TABLE.items(), ids=TABLE)
def test_what_the_table_knows_is_never_asked_of_a_poll(text: str, effect: object) -> None:
    turn = says(BY_SMS, text)
    assert effect in turn.effects
    assert turn.query is None


@pytest.mark.parametrize("text", ["AYUDA", "info", "TEMAS", "programas", "hola", "ALTA", "borrar"])
def test_so_is_no_command(text: str) -> None:
    turn = says(BY_SMS, text)
    assert turn.query is None
    assert turn.replies


@pytest.mark.parametrize("text", ["SI", "si gracias", "NO", "agua potable", "7"])
@pytest.mark.parametrize("name", ["subscribe", "town", "erase", "contacts", "verify", "person"])
def test_words_belong_to_the_question_that_stands_open(name: str, text: str) -> None:
    query = says(asked(BY_SMS, name, "subscribe:yes", "subscribe:no"), text).query
    assert not isinstance(query, PollOf | FirstOf)


def test_a_yes_to_one_offer_is_a_yes_to_that() -> None:
    view = asked(BY_SMS, "offer", "menu:person")
    assert says(view, "SI").query is None
    assert told(says(view, "SI")) == [texts.TALK_TO_A_PERSON]


@pytest.mark.parametrize("text", ["NO", "agua potable", "7"])
@pytest.mark.parametrize("name", ["offer", "topics"])
def test_what_was_offered_is_told_to_who_looks_for_the_poll(name: str, text: str) -> None:
    view = asked(BY_SMS, name, "topic:fraud", "topic:programs")
    assert says(view, text).query == PollOf(text, Beside(NOW - timedelta(hours=1)))


def test_if_there_is_no_poll_a_person_reads_it_as_before() -> None:
    turn = says(BY_SMS, "1")
    assert turn.effects == (KeepForPerson("free"),)
    assert told(turn) == [texts.A_PERSON_WILL_READ]


@pytest.mark.parametrize(
    "name", ["subscribe", "town", "home", "place", "language", "contacts", "erase", "verify"]
)
def test_a_number_belongs_to_the_question_that_stands_open(name: str) -> None:
    view = asked(BY_SMS, name, "subscribe:yes", "subscribe:no")
    for number in "1234":
        assert not isinstance(says(view, number).query, PollOf | FirstOf)


@pytest.mark.parametrize("name", ["offer", "topics"])
def test_a_number_belongs_to_what_was_offered_unless_a_poll_came_later(name: str) -> None:
    options = ("topic:fraud", "topic:programs") if name == "topics" else ("menu:person",) * 2
    view = asked(BY_SMS, name, *options)
    chosen = says(view, "2")
    beside = Beside(NOW - timedelta(hours=1), is_answered=True)
    assert chosen.query == PollOf("2", beside)
    assert chosen.replies or chosen.effects, "what happens when no poll came later"
    by_chat = asked(BY_CHAT, name, *options)
    assert says(by_chat, "2").query is None


def test_a_question_of_yesterday_is_none_any_more() -> None:
    view = asked(BY_SMS, "town", "town:20397", hours=25)
    assert says(view, "1").query == PollOf("1")


def test_a_poll_is_answered_by_its_buttons_in_a_chat() -> None:
    assert says(BY_CHAT, "1").query is None


def test_of_a_stranger_no_answer_can_be_kept() -> None:
    assert says(replace(BY_SMS, contact=None), "1").query is None


def test_a_number_beside_a_photo_is_for_a_person() -> None:
    turn = router.turn(BY_SMS, Input("1", media=("image/jpeg:x",)))
    assert turn.query is None
    assert turn.effects == (KeepForPerson("free"),)


# Words of posters


@pytest.mark.parametrize("text", ["FERIA", "feria!", " Féria "])
def test_one_word_alone_may_stand_on_a_poster(text: str) -> None:
    feria = PosterOf("feria", may_answer=True)
    assert says(BY_SMS, text).query == FirstOf((PollOf(text), feria))
    assert says(BY_CHAT, text).query == PosterOf("feria", may_answer=True)


def test_if_it_stands_on_none_a_person_reads_it_as_before() -> None:
    turn = says(BY_SMS, "FERIA")
    assert turn.effects == (KeepForPerson("free"),)
    assert told(turn) == [texts.A_PERSON_WILL_READ]


def test_more_than_the_word_is_on_no_poster() -> None:
    assert says(BY_CHAT, "cuándo es la feria").query is None
    assert says(BY_SMS, "cuándo es la feria").query == PollOf("cuándo es la feria")


@pytest.mark.parametrize(
    "word", ["SOS", "911", "AYUDA", "BAJA", "SALIR", "CANCELAR", "ALTA", "TEMAS", "hola", "SI"]
)
def test_a_word_of_the_table_is_looked_up_nowhere(word: str) -> None:
    assert not isinstance(says(BY_SMS, word).query, PosterOf)


def test_its_words_are_said_and_who_is_known_is_marked() -> None:
    turn = router.found(BY_SMS, FERIA)
    assert told(turn) == [FERIA.content]
    assert turn.effects == (MarkKeyword("feria"),)
    assert turn.question is None


@pytest.mark.parametrize("view", [BY_SMS, BY_CHAT])
def test_who_is_not_subscribed_is_also_told_how(view: View) -> None:
    turn = router.found(replace(view, contact=None), FERIA)
    assert told(turn) == [FERIA.content, texts.SUBSCRIBE_ASK]
    assert turn.effects == ()
    assert turn.question is not None
    assert turn.question.name == "subscribe"
    agreed = says(replace(view, contact=None, question=turn.question), "SI")
    assert agreed.effects == (Subscribe(),)


def test_no_poll_is_asked_of_who_cannot_answer_it() -> None:
    query = says(replace(BY_SMS, contact=None), "FERIA").query
    assert query == PosterOf("feria", may_answer=False)
    stopped = says(replace(BY_SMS, opted_out=True), "FERIA").query
    assert stopped == FirstOf((PollOf("FERIA"), PosterOf("feria", may_answer=False)))


def test_the_numbers_of_its_poll_are_its_buttons() -> None:
    turn = router.found(BY_SMS, ASKING)
    assert turn.question is not None
    view = replace(BY_SMS, question=turn.question)
    posted = Beside(NOW, 5, ("si", "todavia no"))
    for said in ("2", "todavia no"):
        later = PollOf(said, replace(posted, is_answered=True))
        its_own = PressOf(Press(5, AnswerKind.POLL, "2"))
        assert says(view, said).query == FirstOf((later, its_own))
    assert says(view, "todavía no, gracias").query == PollOf("todavía no, gracias", posted)
    assert says(view, "SOS").effects == (OpenCase(Urgency.UNSORTED, story=False),)
    assert told(says(view, "baja")) == [texts.STOPPED]


def test_which_numbers_a_poll_has_is_said_and_a_person_reads_it_all_the_same() -> None:
    turn = router.found(BY_SMS, MISSED, says(BY_SMS, "7"))
    assert told(turn) == [texts.CAMPAIGN_POLL_NUMBERS]
    assert turn.effects == (KeepForPerson("free"),)
    assert (turn.about, turn.told_unread, turn.question) == ("poll:5:9", False, None)


def test_who_left_is_not_asked_again() -> None:
    view = replace(BY_SMS, opted_out=True)
    otherwise = says(view, "7")
    assert told(router.found(view, MISSED, otherwise)) == [texts.A_PERSON_WILL_READ]


def test_the_poll_of_a_poster_stays_open_when_its_numbers_are_said() -> None:
    question = router.found(BY_SMS, ASKING).question
    view = replace(BY_SMS, question=question)
    assert router.found(view, MISSED, says(view, "7")).question == question


def test_an_answer_to_a_question_is_no_word_of_a_poster() -> None:
    turn = says(asked(BY_SMS, "contacts"), "Fresno")
    assert not isinstance(turn.query, PosterOf)
    turn = says(asked(BY_SMS, "verify"), "FERIA")
    assert turn.query is None
    assert turn.effects == (KeepForPerson("verify"),)


def test_what_answers_no_question_may_be_one_and_the_question_stays() -> None:
    view = asked(BY_SMS, "erase", "erase:yes", "erase:no")
    turn = says(view, "FERIA")
    assert turn.query == PosterOf("feria", may_answer=False)
    assert told(turn) == [texts.ANSWER_AGAIN]
    found = router.found(view, FERIA)
    assert (found.question, found.repeats) == (view.question, True)
    assert told(found) == [FERIA.content]


def test_who_asked_for_a_person_gets_one() -> None:
    assert says(asked(BY_SMS, "person"), "FERIA").query is None


# Buttons


@pytest.mark.parametrize("view", [BY_SMS, BY_CHAT])
def test_a_button_asks_whether_they_got_it(view: View) -> None:
    assert presses(view, "k:5:h").query == PressOf(Press(5, AnswerKind.HELPED))


@pytest.mark.parametrize("data", ["k:5:x", "k::h", "k:5:p9", "k:" + "9" * 40 + ":h", "k:5:w: "])
def test_a_button_that_is_none_gets_the_menu(data: str) -> None:
    turn = presses(BY_CHAT, data)
    assert turn.query is None
    assert told(turn) == [texts.MENU]


def test_so_does_one_of_somebody_unknown() -> None:
    turn = presses(replace(BY_CHAT, contact=None), "k:5:h")
    assert turn.query is None
    assert told(turn) == [texts.MENU]


@pytest.mark.parametrize(
    ("found", "text"),
    [(HELPED, texts.CAMPAIGN_HELPED), (SECOND, texts.CAMPAIGN_ANSWERED)],
    ids=["helped", "poll"],
)
def test_an_answer_is_kept_and_thanked_for(found: Pressed, text: object) -> None:
    turn = router.found(BY_CHAT, found)
    assert told(turn) == [text]
    assert turn.effects == (KeepPress(found),)


def test_the_same_answer_again_is_neither() -> None:
    assert router.found(BY_CHAT, replace(HELPED, is_new=False)) == Turn()


def test_an_answer_to_a_campaign_leaves_the_open_question_open() -> None:
    view = asked(BY_CHAT, "town")
    assert router.found(view, HELPED).question == view.question
    assert router.found(view, replace(HELPED, is_new=False)).question == view.question


def test_only_a_reply_word_is_heard_as_typed() -> None:
    assert word_pressed(Input(choice="k:5:w:ALTA")) == Press(5, AnswerKind.WORD, "ALTA")
    for other in ("k:5:h", "k:5:p1", "menu:sos", ""):
        assert word_pressed(Input(choice=other)) is None
    assert word_pressed(Input("k:5:w:ALTA")) is None, "typed, not pressed"


# A case


def test_with_a_case_open_everything_typed_joins_it() -> None:
    view = replace(BY_SMS, case=a_case())
    for text in ("1", "FERIA", "3", "7", "agua potable"):
        turn = says(view, text)
        assert turn.query is None
        assert turn.effects == (AddToCase(),)


def test_nothing_is_written_to_who_asked_for_silence() -> None:
    view = replace(BY_CHAT, case=a_case(MayWrite.NO))
    turn = presses(view, "k:5:h")
    assert turn.query == PressOf(Press(5, AnswerKind.HELPED))
    assert told(turn) == []
    found = router.found(view, HELPED)
    assert told(found) == []
    assert found.effects == (KeepPress(HELPED),)


def test_the_question_of_a_case_is_not_lost_by_a_button() -> None:
    view = asked(replace(BY_CHAT, case=a_case()), "may_write", "case:write", "case:hush")
    assert router.found(view, HELPED).question == view.question


def test_who_is_watched_gets_no_answer_out_of_a_query_either() -> None:
    turn = says(BY_SMS, "CONTACTOS FRESNO mi marido me revisa el celular")
    assert turn.query is None
    assert told(turn) == []


def test_a_stop_word_is_a_stop_beside_a_poll() -> None:
    assert Stop() in says(BY_SMS, "baja").effects
    assert says(BY_SMS, "no").effects == (KeepForPerson("free"),), "a no alone is no STOP"


def test_a_reply_that_is_shown_hides_its_words_from_logs() -> None:
    assert "feria es" not in repr(Show(FERIA.content))
