"""An audience in the words of the editor, for whoever reads a campaign and writes none. Pure."""

from dataclasses import dataclass

from campaigns.audience.builder import Match, Rows, to_rows
from campaigns.audience.fields import Field
from campaigns.audience.language import AudienceError, parse
from campaigns.model import CampaignDraft
from console.editor import choices
from console.editor.choices import Known


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is asked: `name` is a key, `values` are words; `negated`: none of them."""

    name: str
    values: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What an audience asks, all of it or any of it; nothing of those who agreed to the topic."""

    conditions: tuple[Condition, ...]
    is_any: bool


def told(draft: CampaignDraft, language: str, known: Known) -> Told | None:
    """The conditions of an audience in words; None for one that no rows can tell."""
    try:
        rows = to_rows(parse(draft.audience))
    except AudienceError:
        return None
    return None if rows is None else _told(rows, draft, language, known)


def _told(rows: Rows, draft: CampaignDraft, language: str, known: Known) -> Told:
    conditions = tuple(
        Condition(
            choices.FIELD_NAMES[row.field],
            tuple(choices.words_of(row.field, value, language, known) for value in row.values),
            row.negated,
        )
        for row in rows.rows
    )
    if len(rows.rows) == 1:
        (row,) = rows.rows
        if (row.field, row.values, row.negated) == (Field.TOPIC, (draft.topic,), False):
            # Nobody else gets it anyway.
            conditions = ()
    return Told(conditions, rows.match is Match.ANY)
