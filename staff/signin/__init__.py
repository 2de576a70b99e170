"""How staff come in: passwords, second factors, invitations, sessions, and forms sent once."""
