# The service without a database: DATABASE_URL names one. See docs/adr/0002-container-image.md.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements-build.lock requirements-container.lock ./
RUN python -m venv /opt/hirescreen \
 && /opt/hirescreen/bin/pip install --require-hashes --only-binary :all: -r requirements-container.lock \
 && python -m venv /opt/builder \
 && /opt/builder/bin/pip install --require-hashes --only-binary :all: -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY service service
COPY sql sql
COPY tests/cases tests/cases
RUN /opt/builder/bin/python -m hatchling build -t wheel -d /build/wheels \
 && /opt/hirescreen/bin/pip install --no-deps --no-index /build/wheels/*.whl \
 && /opt/hirescreen/bin/python -m compileall -q /opt/hirescreen/lib \
 && /opt/hirescreen/bin/pip uninstall --yes pip

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="hirescreen" \
      org.opencontainers.image.description="Sanctions screening for employers" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --system --gid 10001 hirescreen \
 && useradd --system --uid 10001 --gid hirescreen --home-dir /var/lib/hirescreen --shell /usr/sbin/nologin hirescreen \
 && install -d -o hirescreen -g hirescreen -m 0700 /var/lib/hirescreen
COPY --from=build /opt/hirescreen /opt/hirescreen
ENV PATH=/opt/hirescreen/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HIRESCREEN_HOME=/var/lib/hirescreen
USER 10001:10001
WORKDIR /var/lib/hirescreen
EXPOSE 8080
# urllib raises, and Python exits with 1, unless the answer is a success.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/livez', timeout=4).read()"]
ENTRYPOINT ["hirescreen"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
