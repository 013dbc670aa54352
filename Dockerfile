# One image, two commands: `crickets serve` and `crickets work`. It holds no database and no development tools.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/crickets
COPY requirements.production.lock /tmp/
RUN /opt/crickets/bin/pip install --require-hashes --requirement /tmp/requirements.production.lock

FROM python:3.12-slim
ENV PATH=/opt/crickets/bin:$PATH PYTHONPATH=/srv/crickets PYTHONUNBUFFERED=1 CRICKETS_ENVIRONMENT=production
COPY --from=build /opt/crickets /opt/crickets
WORKDIR /srv/crickets
COPY pyproject.toml ./
COPY app app
COPY migrations migrations
COPY openapi openapi
RUN python -m compileall -q app migrations \
 && printf '#!/bin/sh\nexec python -m app.cli "$@"\n' > /usr/local/bin/crickets \
 && chmod 755 /usr/local/bin/crickets \
 && useradd --system --no-create-home --shell /usr/sbin/nologin crickets
USER crickets
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
CMD ["crickets", "serve", "--host", "0.0.0.0", "--port", "8000"]
