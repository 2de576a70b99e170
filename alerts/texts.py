"""What is said around a call for help: to who calls, and to the people on duty.

Names of texts, with their code in the Spanish scripts (B1 …, G1 …). The wording stands in the
catalogues. To who calls, the first forty signs are neutral: a locked screen shows them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from delivery.content import Option
from locales.text import Phrase, Text, _

# To who calls for help
#: B1. Sent after the case is stored. The chat offers the buttons MAY_WRITE and DO_NOT_WRITE.
SOS_RECEIVED = Text(_("sms.case.received"), _("chat.case.received"))
#: B2 and B15: the same words for who reports what somebody else already reported.
SOS_RECEIVED_WITH_STORY = Text(_("sms.case.received_story"), _("chat.case.received_story"))
#: B3
SOS_NOBODY_ON_DUTY = Text(_("sms.case.nobody_on_duty"), _("chat.case.nobody_on_duty"))
#: SOS again while a case is open: a new page has gone out.
SOS_AGAIN = Text(_("sms.case.again"), _("chat.case.again"))
#: SOS again, while nobody knows whether writing is safe.
SOS_AGAIN_ASKING = Text(_("sms.case.again_ask"), _("chat.case.again_ask"))
#: After the button of a death.
DEATH_NOTED = Text(_("sms.case.death"), _("chat.case.death"))
#: B3 later in a case: a new SOS, or a closed case that opens again.
NOBODY_ON_DUTY_LATER = Text(_("sms.case.nobody_later"), _("chat.case.nobody_later"))
#: B4. The last automatic message of the case. The chat replaces the one before with it.
DO_NOT_WRITE_OK = Text(_("sms.case.do_not_write"), _("chat.case.do_not_write"))
#: B5. The chat offers the nine kinds.
TELL_US_MORE = Text(_("sms.case.tell_more"), _("chat.case.tell_more"))
#: After a yes that came with the story, and after the button of what happened: they may go on.
KEPT_IN_CASE = Text(_("sms.case.kept"), _("chat.case.kept"))
#: B6. {folio} and {word}, in a chat also {pseudonym}. Promises no message: a person decides that.
ACCEPTED = Text(_("sms.case.accepted"), _("chat.case.accepted"))
#: B7. {phone}: a verified consular help line.
NOBODY_YET = Text(_("sms.case.nobody_yet"), _("chat.case.nobody_yet"))
#: B7 while no consular help line is verified.
NOBODY_YET_WITHOUT_NUMBER = Text(_("sms.case.nobody_yet_alone"), _("chat.case.nobody_yet_alone"))
#: B8. In place of B2 when the story speaks of money.
MONEY_DEMANDED = Text(_("sms.case.money"), _("chat.case.money"))
#: B8 later in a case, and for the button "Me piden dinero ya".
MONEY_DEMANDED_LATER = Text(_("sms.case.money_later"), _("chat.case.money_later"))
#: B9. For a death. {when}: a day in words, {hours}: "9:00".
CAN_WAIT = Text(_("sms.case.can_wait"), _("chat.case.can_wait"))
#: B9 for any other kind.
CAN_WAIT_OTHER = Text(_("sms.case.can_wait_other"), _("chat.case.can_wait_other"))
#: B10, and nothing else. It closes nothing and lowers nothing: the same for who tells the truth and
#: for who is forced.
NOTED = Text.same(_("sms.case.noted"))
#: B12
STOPPED_IN_CASE = Text(_("sms.case.stopped"), _("chat.case.stopped"))
#: B13
NEW_OWNER = Text(_("sms.case.new_owner"), _("chat.case.new_owner"))
#: B14
CLOSED = Text(_("sms.case.closed"), _("chat.case.closed"))
REOPENED = Text(_("sms.case.reopened"), _("chat.case.reopened"))
#: A bot can delete only its messages of the last 48 hours; it is said.
DELETED_FROM_CHAT = Text(_("sms.case.deleted"), _("chat.case.deleted"))
#: Words of the owner for who called: {text}, {word}, and in a chat {pseudonym}.
RELAYED = Text(_("sms.case.relayed"), _("chat.case.relayed"))

BUTTON_MAY_WRITE = Text(_("button.may_write"), _("chat.button.may_write"))
BUTTON_DO_NOT_WRITE = Text(_("button.do_not_write"), _("chat.button.do_not_write"))
BUTTON_PAGE_AGAIN = Text.same(_("button.page_again"))
BUTTON_DELETE_MESSAGES = Text.same(_("button.delete_messages"))
AFTER_CLOSE = (Option("case:delete", BUTTON_DELETE_MESSAGES),)

# What happened. The buttons speak with the voice of who calls; the words stand in pages.
KIND_BUTTONS: Mapping[str, Text] = MappingProxyType(
    {
        "missing": Text(_("button.kind.missing"), _("chat.button.kind.missing")),
        "detained": Text(_("button.kind.detained"), _("chat.button.kind.detained")),
        "illness": Text.same(_("button.kind.illness")),
        "extortion": Text.same(_("button.kind.extortion")),
        "captive": Text.same(_("button.kind.captive")),
        "unpaid": Text.same(_("button.kind.unpaid")),
        "violence": Text.same(_("button.kind.violence")),
        "death": Text(_("button.kind.death"), _("chat.button.kind.death")),
        "other": Text.same(_("button.kind.other")),
    }
)
KIND_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "missing": Phrase(_("word.kind.missing")),
        "detained": Phrase(_("word.kind.detained")),
        "illness": Phrase(_("word.kind.illness")),
        "extortion": Phrase(_("word.kind.extortion")),
        "captive": Phrase(_("word.kind.captive")),
        "unpaid": Phrase(_("word.kind.unpaid")),
        "violence": Phrase(_("word.kind.violence")),
        "death": Phrase(_("word.kind.death")),
        "other": Phrase(_("word.kind.other")),
        "unknown": Phrase(_("word.kind.unknown")),
    }
)
URGENCY_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "life": Phrase(_("word.urgency.life")),
        "possible": Phrase(_("word.urgency.possible")),
        "unsorted": Phrase(_("word.urgency.unsorted")),
        "can_wait": Phrase(_("word.urgency.can_wait")),
    }
)
LANGUAGE_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "es": Phrase(_("word.language.es")),
        "en": Phrase(_("word.language.en")),
        "other": Phrase(_("word.language.other")),
    }
)

# To people on duty. A page is read by others on a locked screen: no name, place, phone or story.
#: G1. {urgency}, {language}: phrases above; {minutes}: age.
PAGE = Text(_("sms.duty.page"), _("chat.duty.page"))
#: G1 once the kind is known.
PAGE_WITH_KIND = Text(_("sms.duty.page_kind"), _("chat.duty.page_kind"))
#: To the wider circle and the coordinators, when the policy has run to its end.
PAGE_NOBODY_YET = Text(_("sms.duty.page_nobody"), _("chat.duty.page_nobody"))
#: G2. {shift}: "20:00 a 8:00", {colleague}: who is next.
SHIFT_SOON = Text(_("sms.duty.shift_soon"), _("chat.duty.shift_soon"))
SHIFT_CONFIRMED = Text.same(_("sms.duty.shift_confirmed"))
SHIFT_PASSED = Text.same(_("sms.duty.shift_passed"))
#: To the next one and the coordinators, before a case comes.
SHIFT_UNCONFIRMED = Text.same(_("sms.duty.shift_unconfirmed"))
#: G3. {minutes}: what the lease gives. {safety}: one of SAFETY_WORDS.
ACCEPTED_BY_YOU = Text(_("sms.duty.accepted"), _("chat.duty.accepted"))
#: A call says it. {folio} with a blank between its signs.
PAGE_SPOKEN = Phrase(_("call.duty.page"))
#: Several cases at once. {count}, the first of them, and in a chat {cases}: a CASE_LINE each.
PAGE_SEVERAL = Text(_("sms.duty.page_several"), _("chat.duty.page_several"))
PAGE_SEVERAL_SPOKEN = Phrase(_("call.duty.page_several"))
CASE_LINE = Phrase(_("word.duty.case_line"))
#: Before everything that staff are sent in a drill.
EXERCISE = Phrase(_("word.duty.exercise"))
SAFETY_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "yes": Phrase(_("word.safety.yes")),
        "no": Phrase(_("word.safety.no")),
        "unknown": Phrase(_("word.safety.unknown")),
    }
)
ALREADY_YOURS = Text.same(_("sms.duty.already_yours"))
TAKEN_BY_OTHER = Text.same(_("sms.duty.taken"))
NOT_YOURS = Text(_("sms.duty.not_yours"), _("chat.duty.not_yours"))
#: Their role may not: to take the case would help nothing.
NOT_ALLOWED = Text.same(_("sms.duty.not_allowed"))
UNKNOWN_FOLIO = Text.same(_("sms.duty.unknown_folio"))
PASSED_ON = Text.same(_("sms.duty.passed_on"))
#: Nobody is called before the office opens.
PASSED_ON_WAITS = Text.same(_("sms.duty.passed_on_waits"))
#: There is nobody else to call: whoever passed it on may look for somebody.
PASSED_ON_NOBODY = Text.same(_("sms.duty.passed_on_nobody"))
OUTCOME_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "located": Phrase(_("word.outcome.located")),
        "located_alone": Phrase(_("word.outcome.located_alone")),
        "repatriated": Phrase(_("word.outcome.repatriated")),
        "referred": Phrase(_("word.outcome.referred")),
        "attended": Phrase(_("word.outcome.attended")),
        "no_contact": Phrase(_("word.outcome.no_contact")),
        "false_alarm": Phrase(_("word.outcome.false_alarm")),
        "duplicate": Phrase(_("word.outcome.duplicate")),
        "other": Phrase(_("word.outcome.other")),
    }
)
#: The outcomes that fit into one SMS; the others are understood too.
OUTCOME_CHOICES = Phrase(_("word.outcome.choices"))
CLOSED_BY_YOU = Text.same(_("sms.duty.closed"))
ALREADY_CLOSED = Text.same(_("sms.duty.already_closed"))
OUTCOME_MISSING = Text.same(_("sms.duty.outcome_missing"))
REPLY_SENT = Text.same(_("sms.duty.reply_sent"))
#: {limit}: signs that fit.
REPLY_TOO_LONG = Text.same(_("sms.duty.reply_long"))
REPLY_EMPTY = Text.same(_("sms.duty.reply_empty"))
#: R is refused when the person said not to write.
REPLY_REFUSED = Text.same(_("sms.duty.reply_refused"))
#: To a folio without a command, and to the owner of a case who writes without one. {folio}.
DUTY_HOW = Text.same(_("sms.duty.how"))
#: An arrival waits for a person. Says nothing of what it holds.
INBOUND_FAILED = Text.same(_("sms.duty.inbound_failed"))
#: Several do. {waiting}: how many.
SEVERAL_INBOUND_FAILED = Text.same(_("sms.duty.inbound_failed_more"))
#: The acceptance is a lease: what is left of it, and that it has run out.
LEASE_ENDS_SOON = Text.same(_("sms.duty.lease_ends"))
LEASE_LOST = Text(_("sms.duty.lease_lost"), _("chat.duty.lease_lost"))
#: What the reporter said, {text}: in a chat the words, by SMS only that there are some.
CASE_SAYS = Text(_("sms.duty.case_wrote"), _("chat.duty.case_says"))
#: In place of a file that cannot be passed on.
SENT_A_FILE = Phrase(_("word.duty.sent_a_file"))
#: The reporter named with a button what happened.
CASE_KIND = Text.same(_("sms.duty.case_kind"))
#: {colleague}: a pseudonym.
TAKEN_FROM_YOU = Text.same(_("sms.duty.taken_from_you"))
YOU_HELP = Text.same(_("sms.duty.you_help"))
#: Answers to N, Z, E, V, D, T and B.
NOTED_BY_YOU = Text.same(_("sms.duty.noted"))
#: N without words. A note is for staff: who forgot them must not be told to send R.
NOTE_MISSING = Text.same(_("sms.duty.note_missing"))
#: {until}: an hour by the clock of who reads.
SNOOZED_BY_YOU = Text.same(_("sms.duty.snoozed"))
SNOOZE_HOW = Text.same(_("sms.duty.snooze_how"))
SNOOZE_LIMIT = Text.same(_("sms.duty.snooze_limit"))
#: {clock}: whose clock the hours are.
CAN_WAIT_OK = Text.same(_("sms.duty.can_wait"))
OFFICE_OPEN = Text.same(_("sms.duty.office_open"))
CANNOT_WAIT = Text.same(_("sms.duty.cannot_wait"))
WORDS_SHOWN = Text(_("sms.duty.words"), _("chat.duty.words"))
NOTHING_SAID = Text.same(_("sms.duty.nothing_said"))
#: {word}: who calls says it first.
REVEALED = Text.same(_("sms.duty.revealed"))
REVEALED_CHAT = Text.same(_("sms.duty.revealed_chat"))
REPLY_LATER = Text.same(_("sms.duty.reply_later"))
#: {hours} and {until}: the hours of the reporter's day in which it is safe to write.
HOURS_SET = Text.same(_("sms.duty.hours_set"))
HOURS_ANY = Text.same(_("sms.duty.hours_any"))
HOURS_HOW = Text.same(_("sms.duty.hours_how"))
REASON_MISSING = Text.same(_("sms.duty.reason_missing"))
#: A close that wants more words: how a false alarm was confirmed, the other folio, what happened.
CLOSE_WORDS_MISSING = Text.same(_("sms.duty.close_words"))
NO_FILES = Text.same(_("sms.duty.no_files"))
NOT_CLOSED = Text.same(_("sms.duty.not_closed"))
CASES_WAITING = Text(_("sms.duty.cases"), _("chat.duty.cases"))
NO_CASES_WAITING = Text.same(_("sms.duty.no_cases"))
#: OK from a phone or a chat that was tried.
METHOD_CONFIRMED = Text.same(_("sms.duty.method_confirmed"))
CASE_REOPENED = Text.same(_("sms.duty.case_reopened"))
#: "Ya estoy bien", "falsa alarma": confirm by another way, the case stays open.
CASE_SAYS_WELL = Text(_("sms.duty.says_well"), _("chat.duty.says_well"))
#: A 2 to the question, or a silent exit.
CASE_DO_NOT_WRITE = Text.same(_("sms.duty.do_not_write"))
#: The provider refuses every sender of ours (21610).
CASE_NOT_REACHED = Text.same(_("sms.duty.not_reached"))
#: Nobody knows whether a message to who called has arrived.
CASE_MAYBE_NOT_REACHED = Text.same(_("sms.duty.maybe_not_reached"))

#: Of a chat whose user nobody can call.
CHAT_NOT_REACHED = Text.same(_("sms.duty.chat_not_reached"))
CHAT_MAYBE_NOT_REACHED = Text.same(_("sms.duty.chat_maybe_not_reached"))

BUTTON_TAKE = Text.same(_("button.take"))
BUTTON_PASS = Text.same(_("button.pass"))
BUTTON_READ = Text.same(_("button.read_case"))
BUTTON_CAN_WAIT = Text.same(_("button.can_wait"))
