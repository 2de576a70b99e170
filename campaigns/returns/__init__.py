"""Campaigns that went back to who wrote them, and why."""
