"""Template filters and tags of the desk."""
