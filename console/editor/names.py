"""What the fields of a campaign are called on its form, where a file has a name for them."""

from collections.abc import Mapping

from campaigns.written.dates import RECIPIENT
from locales.text import _

NAMES: Mapping[str, str] = {
    "title": _("console.editor.title"),
    "topic": _("console.editor.topic"),
    "class": _("console.editor.class"),
    "audience": _("console.editor.audience"),
    "channels": _("console.editor.channels"),
    "content": _("console.editor.content"),
    "text": _("console.editor.text"),
    "sms": _("console.editor.sms"),
    "media": _("console.editor.media"),
    "label": _("console.editor.button.label"),
    "url": _("console.editor.button.url"),
    "reply": _("console.editor.button.reply"),
    "question": _("console.editor.poll.question"),
    "answers": _("console.editor.poll.answers"),
    "timezone": _("console.editor.zone"),
    "at": _("console.editor.at"),
    "every": _("console.editor.every"),
    "cron": _("console.editor.cron"),
    "days": _("console.editor.after_days"),
    "cohort": _("console.editor.cohort"),
    "reason": _("console.editor.reason"),
    "buttons": _("console.editor.buttons"),
    "poll": _("console.editor.poll"),
    "schedule": _("console.editor.when"),
    "stale_after": _("console.editor.stale"),
    "keyword": _("console.editor.keyword"),
    "warning": _("console.editor.warning"),
    "status": _("console.editor.warning.status"),
    "event": _("console.editor.warning.event"),
    "category": _("console.editor.warning.category"),
    "urgency": _("console.editor.warning.urgency"),
    "severity": _("console.editor.warning.severity"),
    "certainty": _("console.editor.warning.certainty"),
    "expires": _("console.editor.warning.expires"),
    "area": _("console.editor.warning.area"),
    "headline": _("console.editor.warning.headline"),
    "instruction": _("console.editor.warning.instruction"),
    "web": _("console.editor.warning.web"),
    "updates": _("console.editor.warning.updates"),
}
"""The parts of a campaign file → what they are called on the form."""

SAID_HERE: Mapping[str, str] = {
    _("campaigns.file.at"): _("console.editor.fault.at"),
    _("campaigns.file.at_skipped"): _("console.editor.fault.at_skipped"),
    _("campaigns.file.at_twice"): _("console.editor.fault.at_twice"),
    _("campaigns.file.every"): _("console.editor.fault.every"),
    _("campaigns.file.days"): _("console.editor.fault.days"),
    _("campaigns.file.day"): _("console.editor.fault.day"),
    _("campaigns.file.after_at"): _("console.editor.fault.after_at"),
    _("campaigns.file.end_before_start"): _("console.editor.fault.end_before_start"),
    _("campaigns.file.end_past"): _("console.editor.fault.end_past"),
    _("campaigns.file.never"): _("console.editor.fault.never"),
    _("campaigns.file.button_kind"): _("console.editor.fault.button_kind"),
    _("campaigns.file.empty_content"): _("console.editor.fault.empty"),
    _("campaigns.file.empty_text"): _("console.editor.fault.empty"),
    _("campaigns.file.no_channel"): _("console.editor.fault.channels"),
    _("campaigns.file.poll_answers"): _("console.editor.fault.poll_answers"),
    _("campaigns.file.poll_differs"): _("console.editor.fault.poll_differs"),
    _("campaigns.file.percent"): _("console.editor.fault.percent"),
    _("campaigns.file.stale_after"): _("console.editor.fault.length"),
    _("campaigns.file.wait"): _("console.editor.fault.wait"),
    _("campaigns.file.warning_expires"): _("console.editor.fault.warning_expires"),
    _("campaigns.file.warning_misplaced"): _("console.editor.fault.warning_misplaced"),
    _("campaigns.file.sms_long"): _("console.editor.fault.sms_long"),
    _("campaigns.file.media_not_stored"): _("console.editor.fault.media"),
    _("campaigns.file.unknown_value"): _("console.editor.fault.choose"),
    _("campaigns.file.too_big"): _("console.editor.fault.too_big"),
    _("campaigns.media.gone"): _("console.editor.fault.media"),
    _("campaigns.audience.unknown_saved"): _("console.editor.fault.no_saved"),
    _("campaigns.audience.empty"): _("console.editor.fault.audience_empty"),
}
"""Sentences that speak of the lines of a file, and what a form says in their place."""

ZONES: Mapping[str, str] = {
    RECIPIENT: _("console.editor.zone.recipient"),
    "America/Mexico_City": _("console.editor.zone.oaxaca"),
    "America/Tijuana": _("console.editor.zone.tijuana"),
    "America/Los_Angeles": _("console.editor.zone.pacific"),
    "America/Denver": _("console.editor.zone.mountain"),
    "America/Chicago": _("console.editor.zone.central"),
    "America/New_York": _("console.editor.zone.eastern"),
    "UTC": _("console.editor.zone.utc"),
}
"""By whose clock a campaign leaves."""

_UNKNOWN = _("console.editor.cap.unknown")

WARNING_CHOICES: Mapping[str, Mapping[str, str]] = {
    "status": {
        "actual": _("console.editor.cap.actual"),
        "test": _("console.editor.cap.test"),
        "exercise": _("console.editor.cap.exercise"),
    },
    "category": {
        "security": _("console.editor.cap.security"),
        "safety": _("console.editor.cap.safety"),
        "health": _("console.editor.cap.health"),
        "met": _("console.editor.cap.met"),
        "geo": _("console.editor.cap.geo"),
        "fire": _("console.editor.cap.fire"),
        "rescue": _("console.editor.cap.rescue"),
        "transport": _("console.editor.cap.transport"),
        "env": _("console.editor.cap.env"),
        "infra": _("console.editor.cap.infra"),
        "cbrne": _("console.editor.cap.cbrne"),
        "other": _("console.editor.cap.other"),
    },
    "urgency": {
        "immediate": _("console.editor.cap.immediate"),
        "expected": _("console.editor.cap.expected"),
        "future": _("console.editor.cap.future"),
        "past": _("console.editor.cap.past"),
        "unknown": _UNKNOWN,
    },
    "severity": {
        "extreme": _("console.editor.cap.extreme"),
        "severe": _("console.editor.cap.severe"),
        "moderate": _("console.editor.cap.moderate"),
        "minor": _("console.editor.cap.minor"),
        "unknown": _UNKNOWN,
    },
    "certainty": {
        "observed": _("console.editor.cap.observed"),
        "likely": _("console.editor.cap.likely"),
        "possible": _("console.editor.cap.possible"),
        "unlikely": _("console.editor.cap.unlikely"),
        "unknown": _UNKNOWN,
    },
}
"""The words of the Common Alerting Protocol as the form has them."""
