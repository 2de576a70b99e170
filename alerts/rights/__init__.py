"""What staff see of a contact, and do at that person's wish: find, show, correct, stop, erase.

Here, because it takes staff, contacts, the ledger, cases and the holidays together.
"""
