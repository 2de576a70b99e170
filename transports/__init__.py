"""The ways out and in: Telegram (aiogram), SMS (twilio) and the built-in handset."""
