"""The palette: one box that finds customers, screens and actions, and the list of keys made of the same registry."""
