"""Own fields: what an administrator adds to the nouns of the house, without a migration."""
