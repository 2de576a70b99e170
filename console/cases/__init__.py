"""Cases on the web: the board, the page of a case and what is done there, letters for a person."""
