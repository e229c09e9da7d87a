"""The market around a customer: competitors and what they offer."""
