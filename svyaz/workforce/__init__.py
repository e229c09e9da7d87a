"""The Employee block: departments, employees, memberships, skills, presence, and who manages which customer."""
