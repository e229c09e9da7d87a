"""The list of open promises."""
