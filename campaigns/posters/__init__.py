"""Posters that people scan: where they hang, what a code says to the bot, how often it helped."""
