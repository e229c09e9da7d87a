"""The `svyaz` command and the servers it runs."""
