"""Tests that belong to no one package: guards of the house's rules, journeys across packages, the command."""
