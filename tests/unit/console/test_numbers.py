"""Numbers that somebody sends: only those that a database can hold."""

import pytest

from console.frame.forms import Form, is_whole_number
from kit.errors import Invalid


def test_only_plain_digits_that_a_database_holds_are_a_number() -> None:
    for typed in ("0", "7", "007", "9" * 18):
        assert is_whole_number(typed)
        assert Form([("n", typed)]).number("n", 0, 10**18) == int(typed)
    for typed in ("²", "٣", "-1", "+1", "1.0", "1 0", "9" * 19, "9" * 5000):
        assert not is_whole_number(typed)
        with pytest.raises(Invalid):
            Form([("n", typed)]).number("n", 0, 10**18)
    assert Form([]).number("n", 1, 2) is None
