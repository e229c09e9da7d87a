"""What open pages hear of without asking: one stream of server-sent events a page."""
