"""The breaker of a sender: when its provider refuses the sender itself, not a message.

A token that was revoked, an account that is suspended, a number that is not ours.
"""

TRIPS_AFTER = 3
"""So many refusals in a row put a sender out of order: bulk waits, and the administrators are
told. Urgent goes by another way, or goes on knocking: the first that passes closes the breaker."""
