"""Conversations with the public: the inbox, pure flows, Telegram and SMS front ends."""
