# The service alone: no tests, no tools, no root.

FROM python:3.12-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_NO_CACHE=1
WORKDIR /srv/saferplan
COPY requirements-tools.lock requirements.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-tools.lock
RUN uv venv --python /usr/local/bin/python /opt/venv
RUN uv pip sync --python /opt/venv/bin/python --require-hashes --compile-bytecode requirements.lock
# The package stays in its folder, since migrations and the like are found beside it.
COPY pyproject.toml README.md ./
COPY app app
COPY migrations migrations
COPY openapi openapi
RUN uv pip install --python /opt/venv/bin/python --no-index --no-deps --editable .
RUN python -m compileall -q app migrations

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin saferplan \
    && install --directory --owner saferplan --mode 0700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/saferplan /srv/saferplan
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/saferplan.db
USER saferplan
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/v1/health', timeout=4)"]
CMD ["saferplan", "serve", "--host", "0.0.0.0", "--port", "8000"]
