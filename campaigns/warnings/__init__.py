"""Public warnings: what anybody may read of a campaign, as CAP 1.2 and in an Atom feed."""
