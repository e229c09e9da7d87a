"""What has no nouns of its own: text keys, phone numbers, encryption, periods, fast reads."""
