"""Stand-ins of the Telegram Bot API and of Twilio that speak real HTTP on loopback."""
