"""What the bot says to the public: names of texts, with their code in the Spanish scripts.

The wording stands in the catalogues. The codes (A1, C1, D1 …) are those of the scripts that a
person of the institute reads aloud before they go out. Where an SMS wording holds `{options}`, the
choices are put there as "1 A, 2 B"; where it says by itself how to answer ("Responda SI"), not.
"""

from locales.text import Phrase, Text, _

# The menu. An SMS has none: AYUDA tells what can be written.
MENU = Text(_("sms.help"), _("chat.menu"))
MENU_AGAIN = Text(_("sms.help"), _("chat.menu_again"))
#: A8. Answers AYUDA. Who writes it may be in danger, so danger comes first.
HELP = Text(_("sms.help"), _("chat.help"))
#: A9. What the machine cannot use is read by a person. {when}: staff.hours.reading_time.
A_PERSON_WILL_READ = Text(_("sms.a_person_will_read"), _("chat.a_person_will_read"))
#: A9 for a voice note, a photo or a place outside any question.
A_PERSON_WILL_HEAR = Text(_("sms.a_person_will_read"), _("chat.a_person_will_hear"))
#: Answers "Hablar con una persona".
TALK_TO_A_PERSON = Text(_("sms.talk_to_a_person"), _("chat.talk_to_a_person"))
#: {text}: what a person of the institute answers; in a chat with {pseudonym}.
PERSON_ANSWERS = Text(_("sms.person_answers"), _("chat.person_answers"))
#: CANCELAR or SALIR inside a question.
QUESTION_LEFT = Text.same(_("sms.question_left"))
#: An answer that fits no option, the first time; the second time A9.
ANSWER_AGAIN = Text(_("sms.answer_again"), _("chat.answer_again"))

# Subscribing
#: A1. Nothing is stored before the yes.
SUBSCRIBE_ASK = Text(_("sms.subscribe.ask"), _("chat.subscribe.ask"))
#: A1 after ALTA TLAXIACO.
SUBSCRIBE_ASK_WITH_TOWN = Text(_("sms.subscribe.ask_town"), _("chat.subscribe.ask_town"))
#: A2. The chat goes on with the place.
SUBSCRIBED = Text(_("sms.subscribe.done"), _("chat.subscribe.done"))
#: A3. The chat asks for the town.
SUBSCRIBED_NO_TOWN = Text(_("sms.subscribe.no_town"), _("chat.subscribe.no_town"))
#: A4. The subscription holds already; the doubt does not stop it.
SUBSCRIBED_WHICH_TOWN = Text(_("sms.subscribe.which_town"), _("chat.subscribe.which_town"))
#: A5
SUBSCRIBED_TOWN_UNKNOWN = Text(_("sms.subscribe.town_unknown"), _("chat.subscribe.town_unknown"))
#: A1 for the one topic of a poster. {topics}: `bot.flows.topics.topic_words`.
INVITED_ASK = Text(_("sms.subscribe.ask_topics"), _("chat.subscribe.ask_topics"))
INVITED_ASK_WITH_TOWN = Text(
    _("sms.subscribe.ask_topics_town"), _("chat.subscribe.ask_topics_town")
)
#: A2 and A3 for whoever gets other topics than the usual ones.
INVITED_DONE = Text(_("sms.subscribe.done_topics"), _("chat.subscribe.done_topics"))
INVITED_NO_TOWN = Text(_("sms.subscribe.no_town_topics"), _("chat.subscribe.no_town_topics"))
#: The code of a poster that brings nothing new to who sends it.
INVITED_ALREADY = Text(_("sms.subscribe.already"), _("chat.subscribe.already"))
#: A no to A1 of who is subscribed already.
SUBSCRIBE_UNCHANGED = Text.same(_("sms.subscribe.unchanged"))
#: Another town, asked of a subscriber.
TOWN_ASK = Text.same(_("sms.subscribe.town_ask"))
#: Answers a no to A1.
SUBSCRIBE_DECLINED = Text(_("sms.subscribe.declined"), _("chat.subscribe.declined"))
#: The end of the questions in a chat.
ALL_SET = Text(_("sms.subscribe.all_set"), _("chat.subscribe.all_set"))

# Leaving
#: A6. Said once; then silence.
STOPPED = Text(_("sms.stop.done"), _("chat.stop.done"))
#: A7. A looser wish to leave: stop first, ask after.
STOPPED_LOOSELY = Text(_("sms.stop.loosely"), _("chat.stop.loosely"))

# Own data. Never a word of cases: who holds the phone may not be who wrote.
#: A10. The chat holds {url}, the address of the whole notice.
PRIVACY = Text(_("sms.privacy"), _("chat.privacy"))
#: A11. {data}: locales.phrases.listed of the DATA_… phrases.
YOUR_DATA = Text(_("sms.data.yours"), _("chat.data.yours"))
YOUR_DATA_NOTHING = Text(_("sms.data.nothing"), _("chat.data.nothing"))
ERASE_ASK = Text(_("sms.data.erase_ask"), _("chat.data.erase_ask"))
ERASED = Text(_("sms.data.erased"), _("chat.data.erased"))
ERASE_DECLINED = Text.same(_("sms.data.kept"))


def data_town(town: str) -> Phrase:
    """The town, as a part of `YOUR_DATA`."""
    return Phrase(_("word.data.town"), {"town": town})


def data_topics(topics: object) -> Phrase:
    """The topics (`locales.phrases.all_of` of topic words), as a part of `YOUR_DATA`."""
    return Phrase(_("word.data.topics"), {"topics": topics})


def data_place(place: object) -> Phrase:
    """Where the person lives, as a part of `YOUR_DATA`."""
    return Phrase(_("word.data.place"), {"place": place})


def data_language(language: object) -> Phrase:
    """The language that we write in, as a part of `YOUR_DATA`."""
    return Phrase(_("word.data.language"), {"language": language})


# Campaigns
#: Answers the button "this helped me".
CAMPAIGN_HELPED = Text.same(_("sms.campaign.helped"))
#: Answers an answer to a poll, by button or by number.
CAMPAIGN_ANSWERED = Text.same(_("sms.campaign.answered"))
#: A number by SMS that the poll does not have; {count} is the largest it has. Said once.
CAMPAIGN_POLL_NUMBERS = Text.same(_("sms.campaign.poll_numbers"))

# Topics
TOPICS_ASK = Text(_("sms.topics.ask"), _("chat.topics.ask"))
TOPICS_ASK_NONE = Text(_("sms.topics.ask_none"), _("chat.topics.ask_none"))
TOPICS_CHANGED = Text(_("sms.topics.changed"), _("chat.topics.changed"))
TOPICS_NONE_LEFT = Text.same(_("sms.topics.none_left"))
#: Words, for `all_of` and for the options.
TOPIC_PROGRAMS = Text.same(_("word.topic.programs"))
TOPIC_FRAUD = Text.same(_("word.topic.fraud"))
TOPIC_EMERGENCY = Text.same(_("word.topic.emergency"))

# Language. Which one is spoken at home is sensitive: asked apart, never needed.
LANGUAGE_ASK = Text(_("sms.language.ask"), _("chat.language.ask"))
LANGUAGE_CHANGED = Text(_("sms.language.changed"), _("chat.language.changed"))
LANGUAGE_WITHOUT_TEXTS = Text(_("sms.language.without_texts"), _("chat.language.without_texts"))
LANGUAGE_AT_HOME_ASK = Text(_("sms.language.at_home"), _("chat.language.at_home"))
LANGUAGE_AT_HOME_SAVED = Text(_("sms.language.at_home_saved"), _("chat.language.at_home_saved"))

# Place
PLACE_ASK = Text(_("sms.place.ask"), _("chat.place.ask"))
#: LUGAR of who is not subscribed.
PLACE_NEEDS_JOIN = Text(_("sms.place.needs_join"), _("chat.place.needs_join"))
PLACE_SAVED = Text(_("sms.place.saved"), _("chat.place.saved"))
PLACE_ON_THE_WAY_SAVED = Text.same(_("sms.place.on_the_way"))
PLACE_WHICH = Text(_("sms.place.which"), _("chat.place.which"))
PLACE_UNKNOWN = Text(_("sms.place.unknown"), _("chat.place.unknown"))

# Relation to migration
RELATION_ASK = Text(_("sms.relation.ask"), _("chat.relation.ask"))
RELATION_SAVED = Text.same(_("sms.relation.saved"))

# Checking an offer
#: C1
VERIFY_ASK = Text(_("sms.verify.ask"), _("chat.verify.ask"))
#: While there is no registry of reports, a person reads it. Never "it is safe".
VERIFY_RECEIVED = Text(_("sms.verify.received"), _("chat.verify.received"))

# Programmes: names only, no promise about who gets what.
PROGRAMS = Text(_("sms.programs"), _("chat.programs"))

# Emergency contacts
#: D1
CONTACT_VERIFIED = Text(_("sms.contact.verified"), _("chat.contact.verified"))
#: D1 for a consulate's switchboard, which is not for emergencies.
CONTACT_VERIFIED_OFFICE = Text(_("sms.contact.verified_office"), _("chat.contact.verified_office"))
#: D2. {help_phone} must be verified; {phone} is not.
CONTACT_UNVERIFIED = Text(_("sms.contact.unverified"), _("chat.contact.unverified"))
#: D2 while no consular help line is verified.
CONTACT_UNVERIFIED_ALONE = Text(
    _("sms.contact.unverified_alone"), _("chat.contact.unverified_alone")
)
#: D3. {phone}: a verified consular help line.
CONTACT_MISSING = Text(_("sms.contact.missing"), _("chat.contact.missing"))
#: D3 while nobody has called the consular help line: marked as such (promise 9).
CONTACT_MISSING_UNVERIFIED = Text(
    _("sms.contact.missing_unverified"), _("chat.contact.missing_unverified")
)
#: D3 when no consular help line may be shown.
CONTACT_MISSING_ALONE = Text(_("sms.contact.missing_alone"), _("chat.contact.missing_alone"))
#: D4
CONTACT_PLACE_UNKNOWN = Text(_("sms.contact.place_unknown"), _("chat.contact.place_unknown"))
#: D5
CONTACT_ASK_PLACE = Text(_("sms.contact.ask_place"), _("chat.contact.ask_place"))
#: D5 once the country is known.
CONTACT_ASK_CITY = Text(_("sms.contact.ask_place"), _("chat.contact.ask_city"))
#: D6
CONTACTS_IN_MEXICO = Text(_("sms.contact.mexico"), _("chat.contact.mexico"))
#: "No me contestan": the entry has been marked for the staff. {phone}: a verified help line.
CONTACT_NO_ANSWER = Text(_("sms.contact.no_answer"), _("chat.contact.no_answer"))
CONTACT_NO_ANSWER_ALONE = Text(_("sms.contact.no_answer_alone"), _("chat.contact.no_answer_alone"))

# Buttons, 24 signs or fewer; their SMS wording stands in "1 A, 2 B".
BUTTON_URGENT_HELP = Text.same(_("button.urgent_help"))
BUTTON_VERIFY = Text(_("button.verify"), _("chat.button.verify"))
BUTTON_CONTACTS = Text.same(_("button.contacts"))
BUTTON_SUBSCRIBE = Text.same(_("button.subscribe"))
BUTTON_PERSON = Text.same(_("button.person"))
BUTTON_YES = Text(_("button.yes"), _("chat.button.yes"))
BUTTON_NO = Text(_("button.no"), _("chat.button.no"))
BUTTON_YES_NOTICES = Text(_("button.yes"), _("chat.button.yes_notices"))
BUTTON_READ_ALL = Text.same(_("button.read_all"))
BUTTON_NOT_NOW = Text.same(_("button.not_now"))
BUTTON_OTHER = Text.same(_("button.other"))
BUTTON_DONE = Text.same(_("button.done"))
BUTTON_OAXACA = Text.same(_("button.oaxaca"))
BUTTON_NORTHWEST = Text.same(_("button.northwest"))
BUTTON_REST_OF_MEXICO = Text.same(_("button.rest_of_mexico"))
BUTTON_UNITED_STATES = Text.same(_("button.united_states"))
BUTTON_ON_THE_WAY = Text.same(_("button.on_the_way"))
BUTTON_SEND_LOCATION = Text(_("button.send_place"), _("chat.button.send_location"))
BUTTON_IN_MEXICO = Text.same(_("button.in_mexico"))
BUTTON_IN_UNITED_STATES = Text.same(_("button.in_united_states"))
BUTTON_CALL = Text.same(_("button.call"))
BUTTON_OTHER_PLACE = Text.same(_("button.other_place"))
BUTTON_NO_ANSWER = Text.same(_("button.no_answer"))
BUTTON_CHANGE_TOWN = Text.same(_("button.change_town"))
BUTTON_RELATION = Text.same(_("button.relation"))
BUTTON_ERASE = Text.same(_("button.erase"))
BUTTON_ERASE_YES = Text(_("button.yes"), _("chat.button.erase_yes"))
BUTTON_OTHER_LANGUAGE = Text.same(_("button.other_language"))
BUTTON_MIGRANT = Text.same(_("button.migrant"))
BUTTON_FAMILY = Text.same(_("button.family"))
BUTTON_RETURNED = Text.same(_("button.returned"))
BUTTON_SOMETHING_ELSE = Text.same(_("button.something_else"))
