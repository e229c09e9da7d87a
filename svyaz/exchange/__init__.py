"""Files in and out: imports by mapping, with every bad row kept for repair."""
