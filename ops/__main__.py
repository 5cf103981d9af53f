"""Three isolated environments on Render and AWS, or all of it on this machine."""

from __future__ import annotations

from console import loading

if __name__ == "__main__":
    loading.begin()

from collections.abc import Sequence

import typer

from console import program
from ops.commands.backup.create import create as backup_create
from ops.commands.backup.key import key as backup_key
from ops.commands.backup.list import list_ as backup_list
from ops.commands.backup.media import media as backup_media
from ops.commands.backup.prune import prune as backup_prune
from ops.commands.backup.show import show as backup_show
from ops.commands.backup.status import status as backup_status
from ops.commands.backup.verify import verify as backup_verify
from ops.commands.blueprint import blueprint
from ops.commands.bootstrap import bootstrap
from ops.commands.comment import comment
from ops.commands.companion import companion
from ops.commands.drift import drift
from ops.commands.drill import WithoutVerb
from ops.commands.drill.report import report as drill_report
from ops.commands.drill.run import run as drill_run
from ops.commands.local import local
from ops.commands.lock import lock
from ops.commands.maintenance.off import off
from ops.commands.maintenance.on import on
from ops.commands.maintenance.status import status as maintenance_status
from ops.commands.migrations.lint import lint
from ops.commands.migrations.rehearse import rehearsal
from ops.commands.outputs import outputs
from ops.commands.pipeline import pipeline
from ops.commands.preview import preview
from ops.commands.previews.ask import ask
from ops.commands.previews.expire import expire
from ops.commands.previews.follow import follow
from ops.commands.previews.list import list_ as previews_list
from ops.commands.previews.remove import remove as previews_remove
from ops.commands.previews.up import up as previews_up
from ops.commands.promotions import promotions
from ops.commands.release.build import build
from ops.commands.release.diff import diff
from ops.commands.release.image import image
from ops.commands.release.key import key
from ops.commands.release.list import list_ as release_list
from ops.commands.release.promote import promote
from ops.commands.release.rollback import rollback
from ops.commands.release.scan import scan
from ops.commands.release.show import show
from ops.commands.release.verify import verify
from ops.commands.restore.clone import clone
from ops.commands.restore.confirm import confirm
from ops.commands.restore.db import db
from ops.commands.restore.media import media as restore_media
from ops.commands.restore.undo import undo
from ops.commands.secret.list import list_ as secret_list
from ops.commands.secret.remove import remove
from ops.commands.secret.set import set_
from ops.commands.test import test
from ops.commands.unlock import unlock
from ops.commands.up import up
from ops.context import Context

ANY_WORDS = {"ignore_unknown_options": True, "allow_extra_args": True}

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
app.command()(up)
app.command(context_settings=ANY_WORDS | {"help_option_names": []})(local)
app.command()(outputs)
app.command()(bootstrap)
app.command()(blueprint)
app.command()(preview)
app.command()(drift)
app.command()(promotions)
app.command()(comment)
app.command()(pipeline)
app.command()(companion)
app.command()(lock)
app.command()(unlock)
app.command()(test)

secret = typer.Typer(help="Keep secrets of your own, such as API keys, and have them reach the services.")
secret.command("set", context_settings=ANY_WORDS)(set_)
secret.command("list")(secret_list)
secret.command()(remove)
app.add_typer(secret, name="secret")

maintenance = typer.Typer(help="Show a page in place of an environment, while its workers and jobs rest.")
maintenance.command()(on)
maintenance.command()(off)
maintenance.command("status")(maintenance_status)
app.add_typer(maintenance, name="maintenance")

migrations = typer.Typer(help="See what new migrations would do to the release that runs, before they do it.")
migrations.command()(lint)
migrations.command("rehearse")(rehearsal)
app.add_typer(migrations, name="migrations")

previews = typer.Typer(
    help="Serve pull requests, each in an environment of its own; what `up` would change is `preview`."
)
previews.command("list")(previews_list)
previews.command("up")(previews_up)
previews.command("remove")(previews_remove)
previews.command()(expire)
previews.command()(follow)
previews.command()(ask)
app.add_typer(previews, name="previews")

release = typer.Typer(help="See what was released to an environment, and go back to a release before.")
release.command("list")(release_list)
release.command()(show)
release.command()(diff)
release.command()(rollback)
release.command()(build)
release.command()(promote)
release.command()(verify)
release.command()(key)
release.command()(image)
release.command()(scan)
app.add_typer(release, name="release")


backup = typer.Typer(help="Make backups of an environment's database, and see what there is.")
backup.command("create")(backup_create)
backup.command("list")(backup_list)
backup.command("show")(backup_show)
backup.command("verify")(backup_verify)
backup.command("status")(backup_status)
backup.command("prune")(backup_prune)
backup.command("key")(backup_key)
backup.command("media")(backup_media)
app.add_typer(backup, name="backup")

drill = typer.Typer(
    cls=WithoutVerb, help="Prove a backup by restoring it: `drill ENV`; and read what drills before found."
)
drill.command("run")(drill_run)
drill.command("report")(drill_report)
app.add_typer(drill, name="drill")

restore = typer.Typer(help="Bring back what was stored: beside what is there, or in its place.")
restore.command()(db)
restore.command()(clone)
restore.command()(undo)
restore.command()(confirm)
restore.command("media")(restore_media)
app.add_typer(restore, name="restore")


def main(words: Sequence[str] | None = None, context: Context | None = None) -> int:
    """Run one command with what it is given, by default the real clouds, or the one on this machine."""
    return program.run(app, words, name="slipway", given=context or Context())


if __name__ == "__main__":
    program.start(main)
