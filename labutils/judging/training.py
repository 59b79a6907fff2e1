"""What is sensible in a training, for all exercises that look at one."""

LOWEST_RATE, HIGHEST_RATE = 1e-5, 0.03  # of Adam's learning rate
