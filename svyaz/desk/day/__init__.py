"""My day: what I promised, what waits for my word, whom I talked to; for a head, how his people fare."""
