"""What the self-watch says: to people who look after the platform, and in the canary's chat."""

from collections.abc import Mapping
from types import MappingProxyType

from locales.text import Phrase, Text, _

#: {problem}: one of PROBLEMS, {minutes} that it lasts.
ALARM = Text.same(_("sms.watch.alarm"))
#: {problem} that is over.
OVER = Text.same(_("sms.watch.over"))

#: Stands in the chat of the canary; nobody has to do anything.
CANARY_CHAT = _("chat.watch.canary")

PROBLEMS: Mapping[str, Phrase] = MappingProxyType(
    {
        "canary.sms": Phrase(_("word.watch.canary_sms")),
        "canary.telegram": Phrase(_("word.watch.canary_telegram")),
        "database": Phrase(_("word.watch.database")),
        "clock": Phrase(_("word.watch.clock")),
        "lane": Phrase(_("word.watch.lane")),
        "senders": Phrase(_("word.watch.senders")),
        "inbox": Phrase(_("word.watch.inbox")),
        "unsettled": Phrase(_("word.watch.unsettled")),
        "cases": Phrase(_("word.watch.cases")),
    }
)
"""By the name of a finding."""
