"""The process that works the queue: beside the web server of ``hirescreen serve``, or by ``hirescreen jobs run``."""

from __future__ import annotations

import asyncio
from time import time

import procrastinate
from procrastinate import exceptions

from service.app import Service
from service.commands.running import running_service
from service.config import Config
from service.errors import StoreUnavailableError
from service.jobs.refreshing import queue_of
from service.jobs.schema import prepare

CONCURRENCY = 2  # a publisher that answers slowly does not stop the others
STOP_SECONDS = 15.0  # a load that is cut leaves nothing behind


def run(config: Config) -> None:
    """Work the queue until SIGINT or SIGTERM. StoreUnavailableError where the database goes away."""
    with running_service(config) as service:
        assert service.config.database_url is not None  # noqa: S101 - running_service gives one
        prepare(service.config.database_url)
        try:
            asyncio.run(_work(service))
        except exceptions.ConnectorException as away:
            raise StoreUnavailableError("The database of the job queue cannot be reached.") from away


async def _work(service: Service) -> None:
    queue = queue_of(service)
    async with queue.open_async():
        await _plan_now(queue)
        await queue.run_worker_async(
            concurrency=CONCURRENCY, shutdown_graceful_timeout=STOP_SECONDS, delete_jobs="always"
        )


async def _plan_now(queue: procrastinate.App) -> None:
    """The lists of a new installation need not wait for the next full minute."""
    plan = queue.tasks.get("plan_refreshes")
    if plan is not None:
        try:
            await plan.defer_async(timestamp=int(time()))
        except exceptions.AlreadyEnqueued:
            return
