"""Campaigns: content from a file, audience, approval, schedule, freezing and reports."""
