"""Wrong answers, each with the code it must get; one module for each check, and ``common`` for what fits any."""
