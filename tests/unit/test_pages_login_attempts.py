from __future__ import annotations

from service.web.pages.login_attempts import FREE_FAILURES, LONGEST_WAIT, MOST_NAMES, LoginAttempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def failed(times: int, name: str = "ana") -> tuple[LoginAttempts, Clock]:
    clock = Clock()
    attempts = LoginAttempts(clock=clock)
    for _ in range(times):
        attempts.failed(name)
    return attempts, clock


def test_a_few_failures_cost_nothing() -> None:
    attempts, _ = failed(FREE_FAILURES - 1)
    assert attempts.wait("ana") == 0


def test_each_further_failure_doubles_the_wait_up_to_a_limit() -> None:
    waits = [failed(times)[0].wait("ana") for times in range(FREE_FAILURES, FREE_FAILURES + 8)]
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == LONGEST_WAIT == failed(500)[0].wait("ana")


def test_a_wait_runs_out() -> None:
    attempts, clock = failed(FREE_FAILURES)
    clock.now += 29
    assert attempts.wait("ana") == 1
    clock.now += 1
    assert attempts.wait("ana") == 0


def test_the_same_name_in_other_letters_is_the_same_name_and_another_is_not() -> None:
    attempts, _ = failed(FREE_FAILURES)
    assert attempts.wait(" ANA ") > 0
    assert attempts.wait("anna") == 0


def test_a_right_password_clears_the_failures() -> None:
    attempts, _ = failed(FREE_FAILURES)
    attempts.succeeded("ana")
    assert attempts.wait("ana") == 0


def test_failures_of_long_ago_do_not_count() -> None:
    attempts, clock = failed(FREE_FAILURES)
    clock.now += LONGEST_WAIT + 1
    attempts.failed("ana")
    assert attempts.wait("ana") == 0


def test_a_flood_of_names_takes_a_bounded_memory() -> None:
    attempts, _ = failed(FREE_FAILURES)
    for number in range(MOST_NAMES):
        attempts.failed(f"name {number}")
    assert len(attempts._failures) == MOST_NAMES
