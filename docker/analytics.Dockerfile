# The analytics: `gaugeglass` in a virtual environment, and nothing else on top of the base.
# Build from the repository's root with BuildKit (see README.md beside this file):
#   docker build -f docker/analytics.Dockerfile -t gaugeglass-analytics .

# Any image with Python 3.11 or newer and its venv module, on glibc.
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS build
# Both secrets are optional: `pipconf` is a pip.conf that names a mirror; `pipca` is the mirror's CA
# bundle, which that pip.conf calls /run/secrets/pipca. Neither stays in a layer.
ENV PIP_CONFIG_FILE=/run/secrets/pipconf \
    PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python3 -m venv /tools
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY analytics analytics
COPY suricata-rules suricata-rules
RUN --mount=type=secret,id=pipconf --mount=type=secret,id=pipca \
    --mount=type=cache,target=/root/.cache/pip \
    /tools/bin/pip wheel --wheel-dir /wheels .
# The path must be the final one: an environment's scripts name their interpreter in full.
RUN python3 -m venv --without-pip /opt/gaugeglass \
 && /tools/bin/pip --python /opt/gaugeglass/bin/python install \
      --no-index --find-links /wheels gaugeglass

FROM ${BASE}
COPY --from=build /opt/gaugeglass /opt/gaugeglass
# No account is needed: any uid works, and compose.yaml lets the caller choose. TMPDIR is where
# ingest spills; tempfile falls back to /tmp where /var/tmp is read-only.
ENV PATH=/opt/gaugeglass/bin:$PATH \
    GAUGEGLASS_STATE=/out/state \
    HOME=/tmp \
    TMPDIR=/var/tmp
USER 10001:10001
WORKDIR /out
ENTRYPOINT ["gaugeglass"]
CMD ["--help"]

ARG BASE
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="gaugeglass-analytics" \
      org.opencontainers.image.description="Zeek and Suricata logs of an industrial network to assets, behaviour and ATT&CK for ICS alerts" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE}"
