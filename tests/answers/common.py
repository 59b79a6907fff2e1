"""Answers that can be handed in to any exercise: empty, broken, or none at all."""

import asyncio
import functools
import sys
import time

from answers import wrong


@wrong("not-attempted")
def stub(*arguments):
    raise NotImplementedError


@wrong("not-attempted")
def stub_with_words(*arguments):
    """What it should do."""
    raise NotImplementedError("Write your code here.")


@wrong("not-attempted")
def only_dots(*arguments): ...


@wrong("not-attempted")
def only_pass(*arguments):
    """What it should do."""
    pass


@wrong("not-attempted")
def only_return(*arguments):
    return


@wrong("not-attempted")
def returns_dots(*arguments):
    return ...


wrapped_stub = wrong("not-attempted")(functools.partial(stub.handed_in))


@wrong("raise-left")
def raise_left_below(*arguments):
    result = arguments
    print(len(result))
    raise NotImplementedError()


@wrong("nothing-returned")
def prints_instead_of_returning(*arguments):
    print(arguments)


@wrong("nothing-returned")
def forgets_to_return(*arguments):
    result = arguments
    result = (result, result)


nothing = wrong("not-a-function")(None)
result_of_a_call = wrong("not-a-function")((1.0, 2.0))
a_name = wrong("not-a-function")("preprocess")
a_number = wrong("not-a-function")(3)


@wrong("yields")
def yields_instead_of_returning(*arguments):
    yield arguments


@wrong("yields")
async def is_async(*arguments):
    await asyncio.sleep(0)
    return arguments


@wrong("wrong-signature")
def wants_too_much(a, b, c, d, e, f, g):
    return a


@wrong("name-missing")
def misspelt(*arguments):
    return argumets  # noqa: F821


@wrong("raises")
def unbound(*arguments):
    if not sys.argv:
        value = 1
    return value


@wrong("raises")
def divides_by_zero(*arguments):
    return 1 / 0


@wrong("raises")
def leaves_the_kernel(*arguments):
    sys.exit("bye")


@wrong("raises")
def interrupts(*arguments):
    raise KeyboardInterrupt


@wrong("raises")
def asserts(*arguments):
    assert not arguments, "not yet"


@wrong("calls-itself")
def calls_itself(*arguments):
    return calls_itself.handed_in(*arguments)


@wrong("never-ends")
def loops_for_ever(*arguments):
    while True:
        pass


@wrong("never-ends")
def loops_and_catches_errors(*arguments):
    while True:
        try:
            arguments = (*arguments[:1],)
        except BaseException:
            continue


@wrong("never-ends")
def waits_for_ever(*arguments):
    while True:
        time.sleep(0.05)
