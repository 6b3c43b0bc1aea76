import contextlib
import random
import threading
import time

import numpy as np
import pandas as pd
import pytest

from dashboard.state.results import Results
from dashboard.state.sizes import size_of
from dashboard.views.long_rna.choices import KeptFile, PastedText
from dashboard.views.train.work import ColumnsOf, TableOf
from dashboard.widgets.meme_upload import Ranked
from tests.dashboard.state.works import Sized, Work


def test_a_result_is_computed_once():
    results, made = Results(), []
    for _ in range(3):
        assert results.of(Work("a", lambda: made.append(1) or "result")) == "result"
    assert made == [1]


def test_two_threads_that_want_the_same_wait_for_one_computation():
    results, made, got = Results(), [], []

    def compute():
        made.append(1)
        time.sleep(0.1)
        return "result"

    threads = [threading.Thread(target=lambda: got.append(results.of(Work("a", compute)))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["result"] * 5
    assert made == [1]


def test_the_one_not_asked_for_longest_is_dropped_when_there_is_too_much():
    results, made = Results(10), []

    def ask(letter):
        return results.of(Sized(letter, lambda: made.append(letter) or letter * 4))

    for letter in "abac":  # b is the oldest when c comes
        assert ask(letter) == letter * 4
    assert made == ["a", "b", "c"]
    ask("a")
    assert made == ["a", "b", "c"]
    ask("b")
    assert made == ["a", "b", "c", "b"]


def test_a_result_larger_than_all_is_still_given():
    assert Results(3).of(Sized("a", lambda: "aaaaa")) == "aaaaa"


def test_what_is_forgotten_is_computed_anew():
    results, made = Results(), []
    request = Work("a", lambda: made.append(1))
    results.of(request)
    assert results.hold(request)
    results.forget()
    assert not results.hold(request)
    results.of(request)
    assert made == [1, 1]


def test_what_nobody_asked_for_lately_is_dropped_if_it_is_large():
    results = Results()
    small, old, fresh = (Sized(name, lambda size=size: "a" * size) for name, size in (("s", 1), ("o", 9), ("f", 9)))
    for request in (small, old, fresh):
        results.of(request)
    time.sleep(0.2)
    results.of(fresh)
    results.drop_unused(0.1, at_least=5)
    assert [results.hold(request) for request in (small, old, fresh)] == [True, False, True]
    assert results.of(old) == "a" * 9


def test_each_result_is_counted_once_though_a_computation_failed_while_others_waited():
    """One fails, one that waited computes, and a third comes after that."""
    for _ in range(20):
        results, made, fails, may_end = Results(10), [], threading.Event(), threading.Event()

        def fail(fails=fails):
            fails.wait(5)
            raise ValueError("broken")

        def compute(made=made, may_end=may_end):
            made.append(1)
            may_end.wait(5)
            return "result"

        def get(work, results=results):
            with contextlib.suppress(ValueError):
                results.of(Sized("a", work))

        threads = [threading.Thread(target=get, args=(work,)) for work in (fail, compute, compute)]
        threads[0].start()
        while not results._computing:
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
        assert results._bytes == len("result")
        assert not results._computing


def test_the_total_is_that_of_what_is_kept_after_many_threads():
    results, chosen = Results(12), random.Random(0)

    def work(keys):
        for key in keys:
            with contextlib.suppress(ValueError):
                results.of(Sized(key, lambda key=key: make(key)))

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
    assert results._bytes == sum(size for _, size in results._kept.values()) <= 12
    assert not results._computing


def test_an_error_is_passed_on_and_the_next_one_tries_again():
    results = Results()

    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        results.of(Work("a", fail))
    assert results.of(Work("a", lambda: "result")) == "result"


def test_the_size_is_that_of_all_arrays_and_texts_each_counted_once():
    class Holder:
        def __init__(self, array):
            self.array = array

    array = np.zeros(1_000_000, np.float32)
    for value in (array, [array, array], {"a": (array,)}, Holder(array), [Holder(array), array]):
        assert size_of(value) == pytest.approx(4_000_000, rel=0.01)
    assert size_of("x" * 100_000) == pytest.approx(100_000, rel=0.01)
    assert size_of(pd.DataFrame({"a": np.zeros(100_000)})) == pytest.approx(800_000, rel=0.01)
    assert size_of(None) < 1000


def test_a_file_that_is_kept_with_its_request_counts():
    content = b"x" * 1_000_000
    for request in (TableOf("a", "digest", content=content), ColumnsOf("a", "digest", content), KeptFile("digest", content)):
        assert request.size(None) > 1_000_000
    assert PastedText("x" * 1_000_000).size(None) > 1_000_000
    assert Ranked("digest", "name", b"", content, np.zeros((6, 4))).size(([], 0)) > 1_000_000
