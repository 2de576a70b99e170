"""Everything that leaves: the ledger of messages, lanes, pacing, sending and receipts."""
