"""Somebody who is looked for, as staff write them down."""

from datetime import timedelta

from alerts.people.model import Details, PersonRole
from tests.stores.case_rig import NOW

LATER = NOW + timedelta(hours=1)
WHO = Details(
    PersonRole.CONCERNED,
    name="Juan Pérez López",
    aliases=("Juanito",),
    kinship="hijo",
    language="mixteco",
    phones=("+12135550177",),
    seen_where="Nogales",
    seen_at=NOW - timedelta(days=2),
    note="camisa azul",
    photo="file-1",
)
