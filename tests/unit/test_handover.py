"""A snapshot is built once by the master; a worker helps itself only where the master does not answer."""

from __future__ import annotations

import os

import pytest

from service.handover import LONGEST_BUILD, PATIENCE, Handover


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def handover(clock: Clock) -> Handover:
    return Handover(clock)


def nothing() -> None:
    """Replace no worker."""


def test_the_master_builds_nothing_that_nobody_asked_for(handover: Handover) -> None:
    assert not handover.answer(lambda: pytest.fail("built"), nothing)


def test_what_a_worker_asks_for_is_built_once_and_its_workers_replaced(handover: Handover) -> None:
    done: list[str] = []
    assert handover.awaited()
    assert handover.awaited()
    assert handover.answer(lambda: done.append("built") is None, lambda: done.append("replaced"))
    assert not handover.answer(lambda: pytest.fail("built again"), nothing)
    assert done == ["built", "replaced"]


def test_workers_stay_where_nothing_changed(handover: Handover) -> None:
    handover.awaited()
    assert not handover.answer(lambda: False, lambda: pytest.fail("replaced"))


def test_a_worker_helps_itself_where_the_master_never_begins(handover: Handover, clock: Clock) -> None:
    assert handover.awaited()
    clock.now += PATIENCE - 0.1
    assert handover.awaited()
    clock.now += 0.1
    assert not handover.awaited()


def test_a_worker_that_has_what_it_asked_for_is_patient_again(handover: Handover, clock: Clock) -> None:
    assert handover.awaited()
    clock.now += PATIENCE
    handover.settled()
    assert handover.awaited()


def test_a_worker_waits_while_the_master_builds_but_not_for_ever(handover: Handover, clock: Clock) -> None:
    handover.awaited()

    def slow() -> bool:
        clock.now += LONGEST_BUILD - 1
        assert handover.awaited()
        clock.now += 1
        assert not handover.awaited()
        return False

    handover.answer(slow, nothing)


def test_a_build_that_fails_is_tried_again_when_it_is_asked_for(handover: Handover) -> None:
    def away() -> bool:
        raise OSError

    handover.awaited()
    with pytest.raises(OSError):
        handover.answer(away, nothing)
    assert not handover.answer(lambda: pytest.fail("nobody asked"), nothing)
    handover.awaited()
    assert handover.answer(lambda: True, nothing)


def test_the_question_of_a_forked_worker_reaches_its_master(handover: Handover) -> None:
    worker = os.fork()
    if worker == 0:
        handover.awaited()
        os._exit(0)
    os.waitpid(worker, 0)
    assert handover.answer(lambda: True, nothing)
