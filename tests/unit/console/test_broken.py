"""Where no page is, and where one broke."""

import httpx
from fastapi import FastAPI

from console.frame.broken import add_pages_of_trouble
from console.frame.layout import Layout

PERSON = {"accept": "text/html", "accept-language": "es"}


async def test_a_person_reads_what_to_do_and_nothing_of_the_cause() -> None:
    web = FastAPI()
    add_pages_of_trouble(web, Layout("IAIMO", False))

    @web.get("/breaks")
    async def breaks() -> None:
        raise RuntimeError("a secret of a person")

    # Like a server, that logs what it is given anyway.
    there = httpx.ASGITransport(web, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=there, base_url="http://test") as http:
        broken = await http.get("/breaks", headers=PERSON)
        assert broken.status_code == 500
        assert "Lo que ya estaba guardado sigue guardado" in broken.text
        assert "secret" not in broken.text
        assert "default-src 'self'" in broken.headers["content-security-policy"]
        part = await http.get("/breaks", headers={**PERSON, "hx-request": "true"})
        assert part.text.startswith("No se pudo mostrar")
        english = await http.get("/breaks", headers={**PERSON, "accept-language": "en"})
        assert "What was saved is still saved" in english.text
        assert (await http.get("/breaks")).text == "Internal Server Error"

        lost = await http.get("/nowhere", headers=PERSON)
        assert lost.status_code == 404
        assert "Esta página no existe" in lost.text
        assert (await http.get("/nowhere")).json() == {"detail": "Not Found"}
