"""Where things are: the tree of areas with their time zones, and addresses."""
