"""The list of customers, the page of one customer, and taking a contact."""
