#!/bin/sh
# Shows the maintenance page in place of the system that scripts/deploy.sh runs, while its worker rests, and ends that.
# usage: scripts/maintenance.sh on|off|status [FILE]     FILE as for scripts/deploy.sh; without it, .env.prod
# The gateway answers by itself: web service and database may be gone. MAINTENANCE_ALLOW in FILE says who passes.
set -eu

cd "$(dirname "$0")/.."
what=${1:-status}
file=${2:-.env.prod}
flag=/var/lib/maintenance/on

fail() { # what and why, and what to do
    printf 'error: %s\n\nhint: %s\n' "$1" "$2" >&2
    exit "${3:-1}"
}

case $what in on | off | status) ;; *) fail "there is no \`$what\`" 'scripts/maintenance.sh on|off|status [FILE]' 2 ;; esac
[ -f "$file" ] || fail "cannot reach the system: there is no $file" 'give the file that scripts/deploy.sh was given' 2

compose() {
    ENV_FILE=$file docker compose --env-file "$file" --file compose.yaml --file compose.prod.yaml --profile prod "$@"
}

gateway() { # a command in it
    compose exec -T gateway "$@" || fail 'the gateway does not do it' "does it run? scripts/deploy.sh $file"
}

known=$(gateway sh -c "cat $flag 2>/dev/null || echo off")

case $what in
on)
    # The flag says what to start again: what somebody had stopped before stays stopped.
    worker=$(compose ps --quiet --status running worker)
    [ "$known" = worker ] || [ -z "$worker" ] || known=worker
    [ "$known" = worker ] || known=on
    gateway sh -c "echo $known >$flag.new && mv $flag.new $flag"
    [ -z "$worker" ] || compose stop worker
    echo 'on'
    ;;
off)
    [ "$known" != worker ] || compose start worker
    gateway rm -f "$flag"
    echo 'off'
    ;;
status)
    [ "$known" = off ] || known=on
    echo "$known"
    ;;
esac
