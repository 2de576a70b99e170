"""Where the photos and voice notes of a reporter are fetched from."""

from app.ways import Ways
from console.cases.files import Fetch
from delivery.content import Attachment
from transports.handset.inbound import file_line
from transports.handset.pictures import Pictures


def fetch_of(ways: Ways, pictures: Pictures | None) -> Fetch:
    """Telegram, or in a trial the pictures of the handset. An MMS is asked for nowhere."""

    async def fetch(kind: str, name: str) -> bytes | None:
        if ways.telegram is not None:
            return await ways.telegram.download(name)
        line = file_line(Attachment(kind, name))
        found = None if pictures is None or line is None else pictures.find(line)
        return None if found is None else found.content

    return fetch
