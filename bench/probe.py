"""Another process that writes now and then: `python -m bench.probe DATABASE_URL SECONDS`.

Each write is one unit of the application's own. When a line comes on its input it prints how many
milliseconds each took, as a JSON list, and ends.
"""

import asyncio
import json
import sys
from time import perf_counter

from sqlalchemy import text

from bench.crowd import opened
from bench.machine import OTHER_CORE, pin

SMALL = text("UPDATE contact SET city = :city WHERE id = 1")


async def _probe(url: str, every: float) -> list[float]:
    told = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
    database = opened(url)
    waits: list[float] = []
    try:
        while not told.done():
            begun = perf_counter()
            async with database.write() as session:
                await session.execute(SMALL, {"city": f"{begun}"})
            waits.append((perf_counter() - begun) * 1_000)
            await asyncio.sleep(every)
    finally:
        await database.close()
    # The first opens the connection, which is no waiting.
    return waits[1:]


if __name__ == "__main__":
    pin(0, OTHER_CORE)
    print(json.dumps(asyncio.run(_probe(sys.argv[1], float(sys.argv[2])))))
