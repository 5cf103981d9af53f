#!/bin/sh
# What Compose's service `backup` runs: a dump of DATABASE_URL into BACKUP_DIR whenever DB_BACKUP_CRON says so (UTC), those of
# the last DB_BACKUP_RETENTION_DAYS kept. --now makes one and ends. The service `restore` takes what it makes.
set -eu

folder=${BACKUP_DIR:-/backups}
days=${DB_BACKUP_RETENTION_DAYS:-14}
cron=${DB_BACKUP_CRON:-37 1 * * *}

dump() {
    name=backup-$(date -u +%Y%m%dT%H%M%SZ).dump
    rm -f "$folder"/.backup-*
    # Under a hidden name until it was read to its end: what has another name is whole. Listing one proves nothing.
    pg_dump --format=custom --no-password --file="$folder/.$name" "$DATABASE_URL" || return 1
    pg_restore --file=/dev/null "$folder/.$name" || return 1
    sync "$folder/.$name"
    mv "$folder/.$name" "$folder/$name"
    (cd "$folder" && sha256sum "$name" >"$name.sha256")
    echo "made $name"
    # Only after a success, and never the one that was made now.
    find "$folder" -name 'backup-*.dump*' -mtime "+$days" ! -name "$name*" -print -delete
}

if [ "${1:-}" = --now ]; then
    dump
    exit
fi
# How many seconds it is until DB_BACKUP_CRON says so again.
seconds() {
    CRON=$cron python -c '
import os
from datetime import UTC, datetime
from ops.backups.schedule import after
now = datetime.now(UTC)
try:
    due = after(os.environ["CRON"], now)
except ValueError:
    due = None
if due is None:
    exit("error: DB_BACKUP_CRON is {CRON!r}, which never comes\n\nhint: five fields, as in 37 1 * * *".format(**os.environ))
print(int((due - now).total_seconds()) + 1)'
}

while :; do
    rest=$(seconds)
    sleep "$rest"
    dump || echo 'error: no backup was made; the ones of before are kept' >&2
done
