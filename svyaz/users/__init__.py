"""Who logs in: employees, integrations, the system itself, customers; and the tokens that act for them."""
