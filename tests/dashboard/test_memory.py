import threading
import time

import pytest

from dashboard.memory import Memory


def test_a_result_is_computed_once():
    memory, made = Memory(10), []
    for _ in range(3):
        assert memory.get("a", lambda: made.append(1) or "result") == "result"
    assert made == [1]


def test_two_threads_that_want_the_same_wait_for_one_computation():
    memory, made, got = Memory(10), [], []

    def compute():
        made.append(1)
        time.sleep(0.1)
        return "result"

    threads = [threading.Thread(target=lambda: got.append(memory.get("a", compute))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["result"] * 5
    assert made == [1]


def test_the_one_not_asked_for_longest_is_dropped_when_there_is_too_much():
    memory, made = Memory(10, len), []

    def make(letter, size):
        return lambda: made.append(letter) or letter * size

    memory.get("a", make("a", 4))
    memory.get("b", make("b", 4))
    memory.get("a", make("a", 4))  # now b is the oldest
    memory.get("c", make("c", 4))
    assert memory.get("a", make("a", 4)) == "aaaa"
    assert made == ["a", "b", "c"]
    memory.get("b", make("b", 4))
    assert made == ["a", "b", "c", "b"]


def test_a_result_larger_than_all_is_still_given():
    memory = Memory(3, len)
    assert memory.get("a", lambda: "aaaaa") == "aaaaa"


def test_an_error_is_passed_on_and_the_next_one_tries_again():
    memory = Memory(10)

    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        memory.get("a", fail)
    assert memory.get("a", lambda: "result") == "result"
