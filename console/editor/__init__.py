"""The page on which a campaign is written: its form, its live preview, its audience."""
