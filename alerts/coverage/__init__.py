"""Who may see and set coverage, register attentions, and how all of it is counted."""
