"""The page that shows every piece of the design system in every state."""
