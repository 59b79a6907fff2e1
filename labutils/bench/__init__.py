"""The benchmark behind ``python3 -m labutils bench``: a file for each group of measurements, each yielding its rows."""
