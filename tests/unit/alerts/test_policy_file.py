"""Policies from a file: each fault with its line, and nothing that a hostile file can do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.policy_file import LARGEST, Faulty, read_policies, written
from kit.errors import Invalid

FILE = b"""# people may comment
- name: Secuestro
  kinds: [captive]
  lease_minutes: 10
  steps:
    - {call: [on_duty], one_by_one: true, wait_minutes: 2.5}
    - {call: ["rota:Psicolog\xc3\xada", "role:coordinator"]}
- name: Los dem\xc3\xa1s
  steps:
    - call: [everybody]
"""


def lines(data: bytes) -> list[int]:
    with pytest.raises(Faulty) as caught:
        read_policies(data)
    return [one.line for one in caught.value.faults]


def test_a_file_is_read_and_written_the_same() -> None:
    found = read_policies(FILE)
    assert [one.name for one in found] == ["Secuestro", "Los demás"]
    assert read_policies(written(found).encode()) == found
    assert read_policies(b"[]") == ()
    assert written(()) == ""


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (FILE.replace(b"lease_minutes: 10", b"lease_minutes: 0"), [4]),
        (FILE.replace(b"wait_minutes: 2.5", b"wait_minutes: .nan"), [6]),
        (FILE.replace(b"role:coordinator", b"role:queen"), [7]),
        (FILE.replace(b"[everybody]", b"[]").replace(b"[captive]", b"[a]"), [3, 10]),
        (FILE.replace(b"lease_minutes: 10", b"name: Otra"), [4]),
        (FILE.replace(b"lease_minutes: 10", b"lease: 10"), [2]),
        (b"- name: a\n  steps: [\n", [3]),
        (b"- &a [b]\n- *a\n", [2]),
        (b"[" * 3000, [1]),
        (b"- 3\n- steps: 4\n", [1, 2]),
        (b"- name: a\n  steps: !!timestamp x\n", [2]),
        (b"- !!bool x\n", [1]),
        (b"- !!int ''\n", [1]),
        (b"- !!python/object:os.system x\n", [1]),
        (b"- {[a]: 1}\n", [1]),
    ],
)
def test_each_fault_has_its_line(data: bytes, at: list[int]) -> None:
    assert lines(data) == at


@pytest.mark.parametrize(
    "data", [b"", b"a: 1", b"\xff\xfe", b"x" * (LARGEST + 1), b"- name: \x00", b"- 1\n---\n- 2\n"]
)
def test_what_is_no_list_of_policies_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_policies(data)


@given(st.binary(max_size=200) | st.text("-[]{}:&*!|>'\" \n\tabc0", max_size=60).map(str.encode))
def test_nothing_else_than_a_refusal_comes_of_any_bytes(data: bytes) -> None:
    try:
        read_policies(data)
    except Invalid as problem:
        assert problem.key.startswith("policies.")  # noqa: PT017
