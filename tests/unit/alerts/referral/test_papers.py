"""The papers of a kind of case come from the file, each with its source."""

from pathlib import Path

import pytest

from alerts.model import Kind
from alerts.referral.model import Paper, PaperState
from alerts.referral.papers import COLUMNS, PapersError, load, needed_for, read, with_states

GOOD = "death,traslado,acta,Acta,https://x.example/,2020-05"


def test_a_death_needs_the_three_papers_of_the_transfer_of_remains() -> None:
    assert [one.code for one in needed_for(Kind.DEATH)] == [
        "birth_certificate_of_dead",
        "id_of_applicant",
        "proof_of_kinship",
    ]


def test_a_kind_that_no_source_speaks_of_needs_none() -> None:
    assert needed_for(Kind.DETAINED) == ()
    assert with_states(Kind.UNKNOWN, ()) == ()


def test_every_paper_has_its_source_and_date() -> None:
    assert load()
    assert all(one.source and one.source_date.startswith("20") for one in load())


def test_a_paper_of_which_nothing_was_written_is_missing_and_added_ones_follow() -> None:
    kept = (
        Paper("proof_of_kinship", "viejo nombre", PaperState.RECEIVED),
        Paper("carta", "Carta", PaperState.ASKED),
    )
    found = with_states(Kind.DEATH, kept)
    assert [one.state for one in found] == [
        PaperState.MISSING,
        PaperState.MISSING,
        PaperState.RECEIVED,
        PaperState.ASKED,
    ]
    assert found[2].name == "Comprobante del parentesco"
    assert found[3] == kept[1]


def test_what_was_written_of_a_paper_stays_when_the_kind_of_case_changes() -> None:
    kept = (Paper("proof_of_kinship", "Comprobante", PaperState.RECEIVED),)
    assert kept[0] in with_states(Kind.DETAINED, kept)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["nothing,traslado,acta,Acta,https://x.example/,2020"], "line 2: no such kind of case"),
        (["death,traslado,acta,Acta,,2020"], "line 2: source"),
        (["death,traslado,acta,Acta,https://x.example/"], "line 2: source_date"),
        ([f"{GOOD},more"], "line 2: a column too many"),
        ([GOOD, GOOD], "acta stands twice for death"),
    ],
)
def test_a_broken_file_says_its_line(tmp_path: Path, rows: list[str], says: str) -> None:
    path = tmp_path / "papers.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    with pytest.raises(PapersError) as error:
        read(path)
    assert str(error.value) == says


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "papers.csv"
    path.write_text("paper\nacta\n", encoding="utf-8")
    with pytest.raises(PapersError, match="line 1"):
        read(path)
