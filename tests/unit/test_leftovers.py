"""Notice of what a test leaves running."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.leftovers import still_running


def test_a_thread_in_a_function_of_a_test_is_named_until_it_ends() -> None:
    before = set(threading.enumerate())
    begun, end = threading.Event(), threading.Event()

    def answer() -> None:
        begun.set()
        end.wait()

    thread = threading.Thread(target=answer, name="answering")
    thread.start()
    begun.wait()
    assert still_running(before, seconds=0) == ["answering"]
    assert still_running({*before, thread}, seconds=0) == []
    end.set()
    assert still_running(before, seconds=60) == []


def test_a_pool_that_waits_for_work_may_stay() -> None:
    before = set(threading.enumerate())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
        assert len(set(threading.enumerate()) - before) == 1
        assert still_running(before, seconds=60) == []
