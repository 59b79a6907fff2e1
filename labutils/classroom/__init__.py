"""What instructors hand out: the student's version of the notebooks, and a student's own copy of it."""
