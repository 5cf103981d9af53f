#!/bin/sh
# Runs the whole system on this machine, or brings it to what is checked out: builds, migrates, starts, waits until it is
# healthy. What does not become healthy goes back to the image before. usage: scripts/deploy.sh [FILE]
# FILE holds what app/.env.prod explains, and DATABASE_PASSWORD; without it, .env.prod. CACHE=1 starts a cache, too.
set -eu

cd "$(dirname "$0")/.."
file=${1:-.env.prod}
seconds=${WAIT_SECONDS:-180}

fail() { # what and why, and what to do
    printf 'error: %s\n\nhint: %s\n' "$1" "$2" >&2
    exit 1
}

[ -f "$file" ] || fail "cannot deploy: there is no $file" "cp app/.env.prod $file, and fill it in"
command -v docker >/dev/null || fail 'cannot deploy: there is no docker' 'https://docs.docker.com/engine/install'

compose() {
    ENV_FILE=$file docker compose --env-file "$file" --file compose.yaml --file compose.prod.yaml \
        --profile prod ${CACHE:+--profile cache} "$@"
}

running() { # the image and the version of the running web service; nothing where there is none
    container=$(compose ps --quiet web | head -n 1)
    [ -z "$container" ] || docker inspect --format '{{.Image}}{{range .Config.Env}}
{{.}}{{end}}' "$container" | sed -n '1p; s/^APP_VERSION=//p'
}

started() { # whether everything is healthy in time
    compose up --detach --no-build --remove-orphans --wait --wait-timeout "$seconds"
}

before=$(running)
APP_VERSION=$(git rev-parse HEAD 2>/dev/null || date -u +%Y%m%d%H%M%S)
APP_IMAGE=app:$APP_VERSION
OPS_IMAGE=app-ops:$APP_VERSION
export APP_VERSION APP_IMAGE OPS_IMAGE

compose --profile ops build || fail "cannot build $APP_IMAGE" 'mend what docker says above; nothing was changed'
compose run --rm ops python start.py migrate ||
    fail "cannot migrate for $APP_IMAGE" 'mend the migration; what ran before goes on running'

if started; then
    echo "$APP_VERSION is healthy"
    exit 0
fi

compose logs --no-color --tail 30 web worker >&2 || true
[ -n "$before" ] || fail "$APP_VERSION did not become healthy within $seconds s" 'see its last lines above; nothing ran before it'
failed=$APP_VERSION
APP_IMAGE=$(printf '%s\n' "$before" | sed -n 1p)
APP_VERSION=$(printf '%s\n' "$before" | sed -n 2p)
started || fail "neither $failed nor, again, $APP_VERSION became healthy" 'docker compose --profile prod logs'
fail "$failed did not become healthy within $seconds s: $APP_VERSION runs again" 'see its last lines above'
