"""Money between us and a party: accounts, bills, payments, promises to pay, and the solvency they show."""
