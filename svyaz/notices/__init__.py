"""Who should know of what, and why: notices to employees, and who is at which card just now."""
