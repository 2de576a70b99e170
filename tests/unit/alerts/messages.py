"""Invented messages, one a line: people in danger, and people with everyday matters."""

from pathlib import Path


def _said(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()


IN_DANGER = _said("in_danger.txt")
EVERYDAY = _said("everyday.txt")
