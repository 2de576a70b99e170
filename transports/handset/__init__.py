"""Invented phones that play Telegram and SMS in trial mode, and the page to use them on."""
