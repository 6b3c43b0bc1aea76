"""Any number of items in order: a few at a time, here or on workers; failures are one sentence."""

from itertools import count

import pytest

from rbind_core.errors import ClusterError
from rbind_core.system.tasks import run_in_order
from tests.clusters import Diary, dask_cluster, dies


def add(shared, item):
    return shared + item


def divide(shared, item):
    return shared / item


def die(shared, item):
    dies(shared)


def test_items_are_taken_as_they_are_wanted():
    endless = ((f"item {n}", n) for n in count())
    results = run_in_order(add, 10, endless)
    assert [next(results) for _ in range(3)] == [("item 0", 10), ("item 1", 11), ("item 2", 12)]
    results.close()


def test_workers_give_the_same_in_the_same_order_and_failures_are_said(tmp_path):
    taken = []

    def items():
        for number in range(60):
            taken.append(number)
            yield number, number

    with dask_cluster(tmp_path, workers=2) as cluster:
        cluster.wait_for_scheduler()
        results = run_in_order(add, 10, items(), cluster.address)
        assert next(results) == (0, 10)
        assert len(taken) < 20, "only a few are sent before the first is back"
        assert list(results) == [(n, n + 10) for n in range(1, 60)]
        with pytest.raises(ClusterError, match=r"a part failed \(ZeroDivisionError: division by zero"):
            list(run_in_order(divide, 1, [(1, 1), (0, 0)], cluster.address))


def test_an_item_that_kills_its_workers_is_an_error_in_one_sentence(tmp_path):
    with dask_cluster(tmp_path, workers=4) as cluster:
        cluster.wait_for_scheduler()
        with pytest.raises(ClusterError, match="workers died while they worked"):
            list(run_in_order(die, Diary(tmp_path / "diary"), [(0, 0)], cluster.address))
