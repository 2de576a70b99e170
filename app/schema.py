"""Every table of the platform in one metadata; migrations are compared with it."""

import importlib

from db.base import metadata

STORES = (
    "alerts.bundling",
    "alerts.canary.store",
    "alerts.drills.store",
    "alerts.people.links",
    "alerts.people.store",
    "alerts.policies",
    "alerts.presence",
    "alerts.referral.follow_ups",
    "alerts.referral.store",
    "alerts.shifts.questions",
    "alerts.shifts.store",
    "alerts.store",
    "bot.inbox.letters",
    "bot.inbox.store",
    "bot.store",
    "campaigns.posters.store",
    "campaigns.returns.store",
    "campaigns.replies.answers",
    "campaigns.audience.audiences",
    "campaigns.figures.gathering",
    "campaigns.files.media",
    "campaigns.sheet.reckoning",
    "campaigns.store",
    "campaigns.texts.store",
    "campaigns.warnings.store",
    "campaigns.files.wishes",
    "campaigns.works.store",
    "console.api.requests",
    "contacts.coverage.store",
    "contacts.rights.store",
    "contacts.store",
    "contacts.tags",
    "delivery.filling_store",
    "delivery.presence",
    "delivery.receipts",
    "delivery.runs",
    "delivery.senders",
    "delivery.store",
    "delivery.tally",
    "directory.store",
    "engine.store",
    "staff.institute.store",
    "staff.signin.store",
    "staff.store",
    "staff.tokens",
    "transports.handset.store",
)

for name in STORES:
    importlib.import_module(name)

__all__ = ["metadata"]
