"""Who may do and see what: roles, assignments by area, masks, and the record of every card opened."""
