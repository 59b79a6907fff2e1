"""Right answers, in as many forms as learners give them; one module for each check."""
