"""Flows of conversation, channel-neutral and pure: from state and input to replies and effects."""
