"""The search for traces finds what it must, or the test of leaks would prove nothing."""

import base64
import json
from urllib.parse import quote

import pytest

from tests.crash.traces import Secret, phone, search, words

NUMBER = "+12135550147"
NAME = "Xóchitl Ñuu"


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        "12135550147",
        "2135550147",
        "call (213) 555-0147 now",
        '{"From": "+12135550147"}',
        f"?From={quote(NUMBER, safe='')}",
        NUMBER.encode().hex(),
        NUMBER.encode().hex().upper(),
        *(base64.b64encode(b"x" * shift + NUMBER.encode() + b"yz").decode() for shift in range(3)),
    ],
)
def test_a_phone_is_found_in_any_form(written: str) -> None:
    secrets = phone("phone", NUMBER)
    assert search(secrets, "file", f"… {written} …".encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "latin-1"])
def test_both_are_found_in_any_encoding(encoding: str) -> None:
    data = f"<{NUMBER} {NAME}>".encode(encoding)
    assert search(phone("phone", NUMBER), "file", data)
    assert search(words("name", NAME), "file", data)


@pytest.mark.parametrize(
    "written",
    [NAME, NAME.upper(), "xochitl nuu", json.dumps(NAME), quote(NAME), NAME.encode().hex()],
)
def test_a_name_is_found_in_any_form(written: str) -> None:
    assert search(words("name", NAME), "file", f"<{written}>".encode())


def test_a_name_is_found_in_a_dump_of_postgresql() -> None:
    dump = f"COPY member FROM stdin;\n1\t\\\\x00ff{NAME.encode().hex()}00\t\\N\n\\.\n"
    assert search(words("name", NAME), "dump", dump.encode())


def test_a_chat_is_found_as_a_whole_number_and_as_a_binary_one() -> None:
    secret = Secret("chat", "7900000121", number=True)
    assert search([secret], "file", b"chat=7900000121,")
    assert search([secret], "file", b"\x00" + (7_900_000_121).to_bytes(6, "big"))
    assert not search([secret], "file", b"17900000121")
    assert not search([secret], "file", b"79000001210")


def test_what_is_not_there_is_not_found() -> None:
    secrets = (*phone("phone", NUMBER), *words("name", NAME))
    assert not search(secrets, "file", b"+12135550148 Xochimilco " + bytes(range(256)))
    assert not search(secrets, "dump", rb"\\x" + b"5550147f" * 9)
