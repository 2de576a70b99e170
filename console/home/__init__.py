"""Pages for the start of a day: what needs me now, coverage and its targets, attentions."""
