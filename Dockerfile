# One image for every part of the product; what is installed is read from script/machine/packages.py,
# the same list that script/setup uses. Two targets: db (PostGIS), app (web, relay, migrate).
FROM debian:12-slim AS base
ENV DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
WORKDIR /srv/zaiqing
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 ca-certificates
COPY script/machine/ script/machine/
RUN mkdir -p /etc/postgresql-common/createcluster.d \
    && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/zaiqing.conf \
    && PYTHONPATH=script python3 -c "from machine.packages import NODE, SERVER; print(*SERVER, *NODE)" > /tmp/packages \
    && xargs apt-get install -y -qq --no-install-recommends < /tmp/packages \
    && rm -rf /var/lib/apt/lists/*

FROM base AS db
COPY deploy/db.sh /usr/local/bin/zaiqing-db
USER postgres
VOLUME /var/lib/zaiqing
EXPOSE 5432
CMD ["zaiqing-db"]

FROM base AS app
COPY requirements/ requirements/
COPY package.json package-lock.json .npmrc ./
RUN python3 -m venv .venv \
    && .venv/bin/pip install -q --no-deps --require-hashes -r requirements/base.txt \
    && npm ci --omit=dev --no-audit --no-fund --ignore-scripts
COPY . .
RUN useradd --system --home /srv/zaiqing zaiqing && mkdir -p /data && chown zaiqing /data \
    && for po in locale/*/LC_MESSAGES/django.po; do msgfmt -o "${po%.po}.mo" "$po"; done
USER zaiqing
ENV ZAIQING_DATA=/data PATH=/srv/zaiqing/.venv/bin:$PATH PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "disaster.config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--lifespan", "on", "--timeout-graceful-shutdown", "3", "--no-access-log", "--log-level", "warning", "--proxy-headers", "--forwarded-allow-ips", "*"]
