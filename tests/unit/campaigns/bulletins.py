"""Invented warnings, as staff write them and as the public gets them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from campaigns.warnings.model import (
    Bulletin,
    Category,
    Certainty,
    Info,
    Issuer,
    MessageKind,
    Reference,
    Severity,
    Status,
    Urgency,
    Warning,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ISSUER = Issuer("Instituto Ñandú, S. C. & <hijos>", "https://avisos.example.org")

WARNING = Warning(
    event={"es": "Fraude con visas", "en": "Visa fraud"},
    category=Category.SECURITY,
    urgency=Urgency.EXPECTED,
    severity=Severity.MODERATE,
    certainty=Certainty.OBSERVED,
    expires=timedelta(hours=48),
    area={"es": "Mixteca, Oaxaca"},
)

SPANISH = Info(
    language="es",
    headline="Cuidado con las visas falsas",
    event="Fraude con visas",
    area="Mixteca, Oaxaca",
    description="Nadie del programa le pedirá dinero.",
    instruction="No pague.\nGuarde los recibos.",
)
ENGLISH = Info("en", "Beware of false visas", "Visa fraud", "Mixteca, Oaxaca", "Pay nobody.")
MIXE = Info("mixe", "", "Fraude con visas", "Mixteca, Oaxaca", "…")
"""Nobody wrote a headline in it."""

ALERT = Bulletin(
    campaign_id=12,
    number=1,
    identifier="urn:uuid:6f1c0d7e-2f0b-4a39-9e52-5b7f3f0c9a11",
    kind=MessageKind.ALERT,
    status=Status.ACTUAL,
    sent=NOON,
    expires=NOON + timedelta(hours=48),
    category=Category.SECURITY,
    urgency=Urgency.EXPECTED,
    severity=Severity.MODERATE,
    certainty=Certainty.OBSERVED,
    infos=(SPANISH, ENGLISH, MIXE),
    note="Visas",
    web="https://example.org/visas?a=1&b=2",
)
UPDATE = replace(
    ALERT,
    number=2,
    identifier="urn:uuid:0a9a1f62-7a4d-4f4e-8d8e-0d2f6f2b7c22",
    kind=MessageKind.UPDATE,
    sent=NOON + timedelta(hours=1),
    references=(Reference(ALERT.identifier, ALERT.sent),),
)
CANCEL = replace(
    UPDATE,
    number=3,
    identifier="urn:uuid:9b1f4c1e-51c0-4a0d-8f3a-7f6f5a4b3c33",
    kind=MessageKind.CANCEL,
    sent=NOON + timedelta(hours=2),
    urgency=Urgency.PAST,
    infos=(SPANISH, ENGLISH),
    references=UPDATE.chain,
)
