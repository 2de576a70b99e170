"""The sheet before sending: whom a campaign reaches, what it costs and when it leaves."""
