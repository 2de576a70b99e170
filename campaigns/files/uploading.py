"""The body of the job that brings a file to its provider, by showing it to who tests a campaign."""

from collections.abc import Mapping
from functools import partial

from campaigns.files import media, wishes
from campaigns.files.keeping import pieces
from campaigns.files.wishes import WAITS, Wish
from db.session import Database
from delivery.model import Failure, SendError
from delivery.transport import Transport
from delivery.uploads import File, Uploaded, Uploading
from kit.channels import Channel
from kit.clock import Clock


async def handle_upload(
    database: Database, clock: Clock, ways: Mapping[str, Transport], key: str
) -> None:
    """The handler of `campaigns.upload`, in a process that sends: work until nobody who waits for
    the file is due any more. The network is asked between two units."""
    media_id = int(key)
    while True:
        async with database.write() as session:
            wish = await wishes.take(session, media_id, clock.now())
        if wish is None:
            return
        await _serve(database, clock, _uploader(ways), wish)


def _uploader(ways: Mapping[str, Transport]) -> Uploading | None:
    """The sender of chats that serves everybody: the one that campaigns leave by."""
    chats = (
        one
        for one in ways.values()
        if one.channel is Channel.TELEGRAM and not one.urgent_only and isinstance(one, Uploading)
    )
    return min(chats, key=lambda one: one.name, default=None)


async def _serve(database: Database, clock: Clock, uploader: Uploading | None, wish: Wish) -> None:
    """Upload a file to who wishes to see it, unless its provider holds it; all others follow."""
    try:
        if uploader is None:
            raise SendError(Failure.SENDER_BROKEN, "no_sender")
        if wish.attempts > len(WAITS) + 1:
            # Every attempt has ended with its process.
            raise SendError(Failure.UNKNOWN_OUTCOME, "stopped")
        done = await _upload(database, uploader, wish)
    except SendError as error:
        async with database.write() as session:
            await wishes.put_off(session, wish, error, clock.now())
            await wishes.give_back(session, wish.kept.id)
        return
    async with database.write() as session:
        now, kept = clock.now(), wish.kept
        if done is not None:
            await media.uploaded(session, kept.id, uploader.name, uploader.bot, done.file, now)
            await wishes.settle(session, wish)
        found = await media.upload_of(session, kept.id, uploader.name, uploader.bot)
        if found is not None:
            await wishes.follow(session, kept.id, found, now)
        await wishes.give_back(session, kept.id)


async def _upload(database: Database, uploader: Uploading, wish: Wish) -> Uploaded | None:
    """What became of the upload; None when the provider holds the file already."""
    kept = wish.kept
    async with database.read() as session:
        if await media.upload_of(session, kept.id, uploader.name, uploader.bot) is not None:
            return None
    told = kept.media
    file = File(told.kind, told.name, told.size, partial(pieces, database, kept))
    return await uploader.upload(wish.to, wish.content, file)
