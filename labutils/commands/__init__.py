"""What a user can call, a file each: its help as docstring, ``add_arguments(parser)``, ``main(options)``.

At its top a command imports the standard library alone, so that its help is there before the packages are.
"""
