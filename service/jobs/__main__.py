"""``python -m service.jobs``: the worker as ``hirescreen serve`` starts it, configured by the environment."""

from __future__ import annotations

import sys

from service.config import Config
from service.errors import HirescreenError
from service.jobs.worker import run
from service.log import configure_logging

configure_logging()
try:
    run(Config.from_env())
except HirescreenError as error:
    sys.stderr.write(f"hirescreen: {' '.join(str(error).split())}\n")
    sys.exit(1)
