"""The daily job that proposes to erase what need not be kept longer; two people then approve each proposal."""

from __future__ import annotations

import asyncio

import procrastinate
import structlog

from service.app import Service
from service.errors import HirescreenError
from service.records import Actor

SCHEDULED_SWEEP = Actor(kind="job", id="retention", name="scheduled sweep")
QUEUE = "lists"  # the one queue that a worker takes from
log = structlog.get_logger()


def sweep(service: Service) -> int:
    """Propose every erasure that is due; how many proposals. Nothing is raised: what is due stays due.

    Known erasures are applied again first: a database may have been restored below a running service.
    """
    made = 0
    try:
        if again := service.erasures().replay():
            log.warning("erased_again", screenings=again)
        for erasure in service.erasures().sweep(SCHEDULED_SWEEP):
            made += 1
            log.info("erasure_proposed", erasure=str(erasure.id), screenings=len(erasure.items))
    except HirescreenError as error:
        log.warning("retention_not_swept", reason=str(error))
    return made


def add_retention(queue: procrastinate.App, service: Service) -> None:
    """Add the daily job to a queue."""

    @queue.periodic(cron="17 3 * * *")
    @queue.task(name="sweep_retention", queue=QUEUE, queueing_lock="sweep_retention")
    async def sweep_retention(timestamp: int) -> None:
        del timestamp  # a late sweep looks at what is due now
        await asyncio.to_thread(sweep, service)
