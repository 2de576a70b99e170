"""Where a case was referred to: who was spoken with, which papers are wanted, and what became of
the person afterwards."""
