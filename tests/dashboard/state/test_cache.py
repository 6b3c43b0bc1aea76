import contextlib
import random
import threading
import time

import pytest

from dashboard.state.cache import Memory


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


def test_each_result_is_counted_once_though_a_computation_failed_while_others_waited():
    """One fails, one that waited computes, and a third comes after that."""
    for _ in range(20):
        memory, made, fails, may_end = Memory(10), [], threading.Event(), threading.Event()

        def fail(fails=fails):
            fails.wait(5)
            raise ValueError("broken")

        def compute(made=made, may_end=may_end):
            made.append(1)
            may_end.wait(5)
            return "result"

        def get(work, memory=memory):
            with contextlib.suppress(ValueError):
                memory.get("a", work)

        threads = [threading.Thread(target=get, args=(work,)) for work in (fail, compute, compute)]
        threads[0].start()
        while "a" not in memory._computing:
            time.sleep(0.001)
        threads[1].start()
        time.sleep(0.005)
        fails.set()
        while not made:
            time.sleep(0.001)
        threads[2].start()
        time.sleep(0.005)
        may_end.set()
        for thread in threads:
            thread.join()
        assert made == [1]
        assert memory._total == 1
        assert not memory._computing


def test_what_is_replaced_is_not_counted_any_more():
    memory = Memory(10, len)
    memory._keep("a", "four")
    memory._keep("a", "sixsix")
    assert memory._total == 6
    memory.get("b", lambda: "four")
    assert memory.holds("a")
    assert memory.holds("b")
    memory.get("c", lambda: "x")
    assert not memory.holds("a")
    assert memory._total == 5


@pytest.mark.parametrize("size", [lambda result: 1, len])
def test_the_total_is_that_of_what_is_kept_after_many_threads(size):
    memory, chosen = Memory(12, size), random.Random(0)

    def work(keys):
        for key in keys:
            with contextlib.suppress(ValueError):
                memory.get(key, lambda key=key: make(key))

    def make(key):
        time.sleep(0.0005)
        if chosen.random() < 0.3:
            raise ValueError(key)
        return "x" * (1 + key % 5)

    threads = [threading.Thread(target=work, args=([chosen.randrange(12) for _ in range(150)],)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert memory._total == sum(map(size, memory._results.values())) <= 12
    assert not memory._computing


def test_an_error_is_passed_on_and_the_next_one_tries_again():
    memory = Memory(10)

    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        memory.get("a", fail)
    assert memory.get("a", lambda: "result") == "result"
