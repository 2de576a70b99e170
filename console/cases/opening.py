"""A case is opened: that it was is in the audit before anything of it is shown."""

from alerts import viewing
from console.frame.visit import Visit


async def opened(visit: Visit, *, still: bool = False) -> None:
    """Write down that the visitor opens the case of the address, when that is not noted yet;
    `still` is a page that stands there and asks for what is new. Raises UnknownFolio."""
    folio = visit.word("folio")
    async with visit.database.read() as session:
        case = await viewing.seen(session, visit.member, folio)
        if not await viewing.is_to_be_opened(session, case, visit.member, visit.now, still=still):
            return
    async with visit.database.write() as session:
        await viewing.opened(session, case, visit.member, visit.now, still=still)
