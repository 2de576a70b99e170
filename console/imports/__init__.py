"""Pages of long work: bringing a file of contacts in, and what somebody's works have come to."""
