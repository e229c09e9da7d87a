"""The Service block: what can be bought, what each customer has, its numbers and its use."""
