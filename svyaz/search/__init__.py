"""One box over everything a viewer may see."""
