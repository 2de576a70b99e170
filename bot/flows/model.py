"""What a flow takes and gives: pure data between what arrives and what is said and done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.model import Case, Kind, MayWrite, Urgency
from campaigns.replies.presses import Press, Pressed
from campaigns.replies.typed import Beside
from contacts.atlas import Origin, Place
from contacts.model import Contact, Relation, Topic
from contacts.places import Gazetteer
from delivery.content import Content, Option
from delivery.model import Lane
from kit.channels import Channel
from locales.text import Text
from staff.hours import Opening

QUESTION_LASTS = timedelta(hours=24)
"""After this long an answer is no answer any more."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a person did: typed, pressed a button, sent media or a place."""

    text: str = field(default="", repr=False)
    choice: str = ""
    media: tuple[str, ...] = field(default=(), repr=False)
    location: tuple[float, float] | None = field(default=None, repr=False)
    pressed_on: int | None = None
    reply_to: int | None = None

    @property
    def words(self) -> str:
        """What is kept as the person's own words."""
        return self.text or self.choice


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot asked last. `options` are the actions behind 1, 2, 3 …"""

    name: str
    asked_at: datetime
    options: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict, repr=False)
    misses: int = 0
    labels: tuple[str, ...] = ()
    """The options as `kit.fold` leaves them, for who types one out."""


@dataclass(frozen=True, slots=True)
class View:
    """All that a flow may know; read before it runs, in the same unit."""

    now: datetime
    channel: Channel
    language: str
    gazetteer: Gazetteer
    opening: Opening
    privacy_url: str = ""
    contact: Contact | None = None
    opted_out: bool = False
    case: Case | None = None
    case_has_story: bool = False
    case_answered: bool = False
    """Whether a person has written to them in this case."""
    guard_on_duty: bool = True
    question: Question | None = None
    unread_told_at: datetime | None = None

    @property
    def terse(self) -> bool:
        """Whether each answer costs the person money: then nothing is asked that can wait."""
        return self.channel.terse

    @property
    def subscribed(self) -> bool:
        """Whether campaigns may go to this person here."""
        return self.contact is not None and bool(self.contact.topics) and not self.opted_out


@dataclass(frozen=True, slots=True)
class Say:
    """One reply. Results of effects (a folio) fill the placeholders that `params` leaves."""

    text: Text
    params: Mapping[str, object] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    columns: int = 1
    lane: Lane = Lane.REPLY
    replaces: int | None = None
    ask_location: Text | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """A reply whose words are a campaign's, ready in the person's language."""

    content: Content = field(repr=False)
    lane: Lane = Lane.REPLY


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Store the yes with its words."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Hold an opt-out of this channel from now on."""


@dataclass(frozen=True, slots=True)
class SetOrigin:
    origin: Origin


@dataclass(frozen=True, slots=True)
class SetPlace:
    place: Place


@dataclass(frozen=True, slots=True)
class SetLanguage:
    code: str


@dataclass(frozen=True, slots=True)
class SetRelation:
    relation: Relation


@dataclass(frozen=True, slots=True)
class SetTopics:
    topics: frozenset[Topic]


@dataclass(frozen=True, slots=True)
class Erase:
    """Forget the person who writes."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A call for help; gives `{folio}`. `story` says whether it told more than the call itself."""

    urgency: Urgency
    story: bool = True


@dataclass(frozen=True, slots=True)
class AddToCase:
    """Add the input to the open case; `raises` pages again at once."""

    raises: bool = False


@dataclass(frozen=True, slots=True)
class SayWell:
    """ "I am fine": kept and told, closes nothing."""


@dataclass(frozen=True, slots=True)
class AnswerMayWrite:
    answer: MayWrite


@dataclass(frozen=True, slots=True)
class SilentExit:
    """No automatic message any more."""


@dataclass(frozen=True, slots=True)
class ForgetChat:
    """Delete from their chat what we wrote, as far as its provider lets us."""


@dataclass(frozen=True, slots=True)
class SetKind:
    kind: Kind


@dataclass(frozen=True, slots=True)
class KeepForPerson:
    """Put the input on the list that people read."""

    reason: str


@dataclass(frozen=True, slots=True)
class KeepPress:
    """Keep what somebody answered to a campaign."""

    pressed: Pressed


@dataclass(frozen=True, slots=True)
class MarkKeyword:
    """Mark whoever sent the word of a poster with it."""

    keyword: str


@dataclass(frozen=True, slots=True)
class CountPoster:
    """One more who opened the code of a poster, or said yes after it. Of whom is not kept."""

    code: str
    agreed: bool


Effect = (
    Subscribe
    | Stop
    | SetOrigin
    | SetPlace
    | SetLanguage
    | SetRelation
    | SetTopics
    | Erase
    | OpenCase
    | AddToCase
    | SayWell
    | AnswerMayWrite
    | SilentExit
    | SetKind
    | ForgetChat
    | KeepForPerson
    | KeepPress
    | MarkKeyword
    | CountPoster
)


@dataclass(frozen=True, slots=True)
class ContactsFor:
    """A query: the emergency contacts of a place. Its `Answer` re-enters the flow."""

    place: Place


@dataclass(frozen=True, slots=True)
class PressOf:
    """A query: did this person get the button of a campaign that they pressed?"""

    press: Press


@dataclass(frozen=True, slots=True)
class PollOf:
    """A query: do these words answer the poll that this person was asked last by SMS? `beside` is
    what stands open and may be meant as well."""

    said: str = field(repr=False)
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class PosterOf:
    """A query: does this word stand on a poster? `may_answer`: whether a poll can be asked now."""

    word: str
    may_answer: bool


@dataclass(frozen=True, slots=True)
class InvitationOf:
    """A query: what does the code of a poster that hangs somewhere say?"""

    code: str


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Queries of which the first that finds something counts."""

    queries: tuple[ContactsFor | PressOf | PollOf | PosterOf | InvitationOf, ...]


Query = ContactsFor | PressOf | PollOf | PosterOf | InvitationOf | FirstOf


@dataclass(frozen=True, slots=True)
class Turn:
    """What a flow decided.

    With a query of a campaign or a poster this is what happens when nothing is found. `told_unread`
    says that A9 was said now; `repeats` that the open question is asked once more; `about` what
    marks the replies, so that they are not said twice.
    """

    replies: tuple[Say | Show, ...] = ()
    effects: tuple[Effect, ...] = ()
    question: Question | None = None
    query: Query | None = None
    told_unread: bool = False
    repeats: bool = False
    about: str | None = None
