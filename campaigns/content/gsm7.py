"""What an SMS costs, where it is cut, and a cheaper wording that a person may choose."""

from dataclasses import dataclass

from delivery.segments import Encoding, measure, offer, split

__all__ = ["SmsPreview", "offer", "sms_preview"]


@dataclass(frozen=True, slots=True)
class SmsPreview:
    """An SMS as it will be cut. `segments` are the texts of its parts; joined they are the text.

    `blockers` are the signs that keep it out of GSM-7, each once, and `stubborn` those of them that
    have no stand-in there. `offered` is the same in GSM-7, in `offered_segments` parts: None where
    it would cost as much, or where stubborn signs would have to go first. Nobody but a person
    chooses it.
    """

    encoding: Encoding
    units: int
    segments: tuple[str, ...]
    blockers: tuple[str, ...]
    stubborn: tuple[str, ...] = ()
    offered: str | None = None
    offered_segments: int | None = None


def sms_preview(text: str) -> SmsPreview:
    """The preview of an SMS text."""
    cost, other = measure(text), offer(text)
    cheaper = measure(other)
    is_better = cheaper.encoding == "GSM-7" and cheaper.segments < cost.segments
    return SmsPreview(
        cost.encoding,
        cost.units,
        split(text),
        cost.blockers,
        cheaper.blockers,
        other if is_better else None,
        cheaper.segments if is_better else None,
    )
