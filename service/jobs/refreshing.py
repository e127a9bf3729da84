"""The job that keeps the lists up: once a minute it finds which are due, and each is fetched as a job of its own.

When a list is due follows from its last attempts (``service.lists.schedule``), so a restart forgets nothing
and ``lists status`` tells the same time. A list that fails is tried again soon, then less and less often.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import procrastinate
import structlog
from procrastinate import exceptions
from procrastinate.jobs import Status

from service.app import Service, now
from service.errors import HirescreenError
from service.intake.fetch import Fetcher
from service.jobs.retention import add_retention
from service.lists.schedule import is_refreshable, next_run
from service.lists.sources import SOURCES
from service.records import Actor

QUEUE = "lists"
CONNECTIONS = 4
SCHEDULED_REFRESH = Actor(kind="job", id="refresh", name="scheduled refresh")
log = structlog.get_logger()


def due(service: Service, at: datetime) -> tuple[str, ...]:
    """The lists that are to be fetched: required or serving, kept up by their publisher, and due ``at`` that time."""
    serving = {version.list_id for version in service.lists.active()}
    attempts = service.intake.last_attempts()
    wanted = [SOURCES[list_id] for list_id in SOURCES if list_id in serving | set(service.config.required_lists)]
    return tuple(
        source.list_id
        for source in wanted
        if is_refreshable(source, at) and next_run(source, attempts.get(source.list_id), at) <= at
    )


def refresh(service: Service, list_id: str) -> str:
    """Fetch one list; how that ended. Nothing is raised: the attempt is on record, and the list is due again."""
    fetching = service.refresh_as(SCHEDULED_REFRESH, trigger="schedule")
    (done,) = fetching.update([list_id], Fetcher(), base_address=service.config.mirror)
    if done.fault is None:
        log.info("list_refreshed", list=list_id, outcome=done.outcome)
    else:
        log.warning("list_not_refreshed", list=list_id, outcome=done.outcome, reason=done.fault)
    return done.outcome


def queue_of(service: Service) -> procrastinate.App:
    """The queue with its jobs; it opens connections of its own once it is opened."""
    assert service.config.database_url is not None  # noqa: S101 - a service has one
    connector = procrastinate.PsycopgConnector(
        conninfo=service.config.database_url,
        min_size=1,
        max_size=CONNECTIONS,
        kwargs={"application_name": "hirescreen jobs", "options": "-c search_path=public"},
    )
    queue = procrastinate.App(connector=connector)

    @queue.task(name="refresh_list", queue=QUEUE)
    def refresh_list(list_id: str) -> None:
        refresh(service, list_id)

    if service.config.refreshes:
        add_retention(queue, service)

        @queue.periodic(cron="* * * * *")
        @queue.task(name="plan_refreshes", queue=QUEUE, queueing_lock="plan_refreshes")
        async def plan_refreshes(timestamp: int) -> None:
            del timestamp  # a late plan looks at the lists as they are now
            await _give_up_stalled(queue)
            try:
                lists = await asyncio.to_thread(due, service, now())
            except HirescreenError as error:
                log.warning("lists_not_planned", reason=str(error))
                return
            for list_id in lists:
                waiting = refresh_list.configure(queueing_lock=f"refresh {list_id}")
                try:
                    await waiting.defer_async(list_id=list_id)
                except exceptions.AlreadyEnqueued:
                    continue

    return queue


async def _give_up_stalled(queue: procrastinate.App) -> None:
    """Forget jobs whose worker died: their lists are still due and are planned anew."""
    for job in await queue.job_manager.get_stalled_jobs():
        await queue.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
