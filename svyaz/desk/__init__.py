"""The desk: the screens that employees work with."""
