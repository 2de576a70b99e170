"""Campaigns as plain documents, for the API and for `--json`; sentences in the reader's language.

Instants are UTC in ISO 8601, money is exact text, people are ids.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from campaigns.figures.comparing import Compared, Share
from campaigns.figures.gathering import RunFigures
from campaigns.figures.missing import Missed
from campaigns.figures.model import Figures, together
from campaigns.figures.report import Row
from campaigns.model import Campaign
from campaigns.sheet.cautions import Caution, while_waiting
from campaigns.sheet.model import UNKNOWN_COUNTRY, Sheet
from campaigns.sheet.previewing import Preview
from campaigns.sheet.prices import Cost, Prices, sum_of
from campaigns.sheet.repeating import Week
from campaigns.standing import Status
from campaigns.warnings.model import Warning
from contacts.import_report import ImportReport
from delivery.model import State, reason_words
from locales.catalog import render

Document = dict[str, object]


def preview_document(found: Preview) -> Document:
    """What a draft would cost by SMS and whom it would reach."""
    reach = found.reach
    return {
        "sms": {
            language: {
                "encoding": cost.encoding,
                "units": cost.units,
                "segments": len(cost.segments),
                "parts": list(cost.segments),
                "blockers": list(cost.blockers),
                "offered": cost.offered,
                "offered_segments": cost.offered_segments,
            }
            for language, cost in found.sms.items()
        },
        "audience": {
            "total": reach.total,
            "by_channel": {str(channel): people for channel, people in reach.by_channel.items()},
            "by_language": reach.by_language,
            "excluded": {str(why): people for why, people in reach.excluded.items()},
        },
    }


def acted_document(campaign: Campaign, language: str) -> Document:
    """A campaign after a step of its life: where it stands, and what to look at again."""
    told = [caution_document(one, language) for one in while_waiting(campaign)]
    return {"id": campaign.id, "state": campaign.state, "cautions": told}


def status_document(found: Status) -> Document:
    """Where a campaign stands: every state of a row is there, zero included."""
    campaign = found.campaign
    return {
        "id": campaign.id,
        "state": campaign.state,
        "counts": {str(state): rows for state, rows in found.counts.items()},
        "held_until": stamp(found.held_until),
        "broken": list(found.broken),
        "due_at": None if campaign.due is None else stamp(campaign.due.due_at),
        "leaves_at": stamp(found.leaves_at),
        "missed": found.missed,
        "stopped_for": campaign.stopped_for,
    }


def sheet_document(campaign: Campaign, made: Sheet, prices: Prices, language: str) -> Document:
    """The sheet before sending."""
    counted, draft = made.reckoned.counted, campaign.draft
    return {
        "id": campaign.id,
        "state": campaign.state,
        "class": draft.kind,
        "reason": draft.reason or None,
        "keyword": draft.keyword,
        "warning": None if draft.warning is None else _warning(draft.warning, made),
        "done": made.reckoned.done,
        "share": round(made.reckoned.share, 3),
        "counted_at": stamp(made.reckoned.counted_at),
        "series": made.series,
        "week": _week(made.week),
        "audience": {
            "total": counted.total,
            "people": counted.people,
            "by_channel": counted.by_channel(),
            "by_language": counted.by_language(),
            "by_region": counted.by_region(),
            "excluded": counted.by_reason(),
        },
        "sms": {
            "by_language": {
                one.language: {
                    "encoding": one.cost.encoding,
                    "units": one.cost.units,
                    "segments": one.cost.segments,
                    "people": one.people,
                    "all_segments": one.segments,
                }
                for one in made.sms
            },
            "by_country": {
                country or UNKNOWN_COUNTRY: {"segments": segments, **_price(country, prices)}
                for country, segments in made.segments.items()
            },
            "cost": cost_document(made.cost),
        },
        "seconds": {
            str(channel): None if wait is None else round(wait, 1)
            for channel, wait in made.seconds.items()
        },
        "due_at": None if made.occurrence is None else stamp(made.occurrence.due_at),
        "first": stamp(made.first),
        "last": stamp(made.last),
        "zones": [
            {
                "zone": one.zone,
                "messages": one.messages,
                "first": stamp(one.first),
                "last": stamp(one.last),
                "late": one.late,
            }
            for one in made.leaving
        ],
        "cautions": [caution_document(one, language) for one in made.cautions],
    }


def caution_document(one: Caution, language: str) -> Document:
    """Something to look at again before a campaign leaves."""
    return {
        "kind": str(one.kind),
        "people": one.people,
        "message": render(one.phrase.key, language, one.phrase.params),
    }


def figures_document(
    campaign: Campaign, runs: Sequence[RunFigures], older: int, prices: Prices
) -> Document:
    """What became of a campaign, run by run and in all."""
    total = together(one.figures for one in runs)
    costs = [one.figures.cost(one.segments, prices) for one in runs]
    return {
        "id": campaign.id,
        "state": campaign.state,
        "done": all(one.share >= 1 for one in runs),
        "older_runs": older,
        "total": _figures(total) | {"cost": cost_document(sum_of(costs))},
        "runs": [
            {
                "id": one.run.id,
                "due_at": stamp(one.run.due_at),
                "state": one.run.state,
                "counts": {str(state): rows for state, rows in one.states.items()},
                "share": round(one.share, 3),
                "counted_at": stamp(one.counted_at),
                **_figures(one.figures),
                "cost": cost_document(cost),
                "series": [
                    {"hour": stamp(hour), "sent": sent, "delivered": delivered}
                    for hour, sent, delivered in one.figures.series()
                ],
            }
            for one, cost in zip(runs, costs, strict=True)
        ],
    }


def compared_document(
    one_id: int, other_id: int, aspects: Sequence[Compared], *, done: bool
) -> Document:
    """Two campaigns, or two runs, side by side."""
    return {
        "one": one_id,
        "other": other_id,
        "done": done,
        "aspects": [
            {
                "aspect": str(one.aspect),
                "one": _share(one.one),
                "other": _share(one.other),
                "differs": one.differs,
            }
            for one in aspects
        ],
    }


def missed_document(found: Missed) -> Document:
    """Who did not get a campaign, as far as they are counted."""
    return {
        "id": found.campaign_id,
        "audience": found.audience,
        "total": found.total,
        "done": found.done,
        "share": round(found.share, 3),
        "counted_at": stamp(found.counted_at),
    }


def row_document(row: Row, language: str) -> Document:
    """One row of a report."""
    words = reason_words(row.reason)
    return {
        "contact": row.contact,
        "channel": row.channel,
        "language": row.language,
        "state": row.state,
        "reason": row.reason,
        "why": None if words is None else render(words.key, language, words.params),
        "attempts": row.attempts,
        "created": stamp(row.created),
        "settled": stamp(row.settled),
    }


def import_document(report: ImportReport, language: str, *, dry_run: bool) -> Document:
    """What `contacts import` says; nothing of the cells is repeated."""
    return {
        "read": report.read,
        "created": report.created,
        "updated": report.updated,
        "rejected": report.rejected,
        "errors": [
            {"line": one.line, "column": one.column, "message": render(one.key, language)}
            for one in report.errors
        ],
        "more_errors": report.more_errors,
        "dry_run": dry_run,
    }


def cost_document(cost: Cost) -> Document:
    """Money by currency, and the segments whose price nobody knows."""
    return {
        "segments": cost.segments,
        "money": {currency: str(amount) for currency, amount in cost.money.items()},
        "unknown": {country or UNKNOWN_COUNTRY: number for country, number in cost.unknown.items()},
        "unconfirmed": list(cost.unconfirmed),
    }


def stamp(at: datetime | None) -> str | None:
    """An instant, to the second."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def _figures(figures: Figures) -> Document:
    return {
        "people": figures.people,
        "left": figures.left,
        "by_state": figures.by_state(),
        "by_channel": figures.by_channel(),
        "by_language": figures.by_language(),
        "failed": figures.reasons(State.FAILED, State.UNDELIVERED),
        "skipped": figures.reasons(State.SKIPPED),
        "opt_outs": figures.opt_outs,
        "answers": figures.by_answer(),
        "replies": figures.replies,
    }


def _week(week: Week | None) -> Document | None:
    return None if week is None else {"times": week.times, "cost": cost_document(week.cost)}


def _warning(warning: Warning, made: Sheet) -> Document:
    return {
        "status": warning.status,
        "seconds": int(warning.expires.total_seconds()),
        "expires_at": stamp(made.expires_at),
    }


def _price(country: str, prices: Prices) -> Document:
    price = prices.get(country)
    if price is None:
        return {"price": None, "currency": None, "confirmed": None}
    return {
        "price": str(price.amount),
        "currency": price.currency,
        "confirmed": price.confirmed,
    }


def _share(share: Share) -> Document:
    value = share.value
    return {
        "number": share.number,
        "of": share.of,
        "share": None if value is None else round(value, 5),
    }
