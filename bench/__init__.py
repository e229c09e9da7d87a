"""What Svyaz does in a second on bases of 10 000 to 1 000 000 customers, beside what its own SQL does there at best."""
