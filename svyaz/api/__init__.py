"""The REST door: TM Forum Open APIs over the same actions and the same rights as the desk."""
