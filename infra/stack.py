"""The whole platform, top to bottom. Start reading here."""

from __future__ import annotations

import pulumi

from infra import addresses
from infra.components.alarms import Alarms
from infra.components.backup_jobs import BackupJobs
from infra.components.backup_key import BackupKey
from infra.components.backups import Backups
from infra.components.basis import Basis
from infra.components.cache import Cache
from infra.components.companion import wanted
from infra.components.configuration import Configuration
from infra.components.database import Database
from infra.components.domains import Domains
from infra.components.generated import generated
from infra.components.guard import Guard
from infra.components.identity import Identity
from infra.components.image import Image, OpsImage, version
from infra.components.jobs import Jobs
from infra.components.key import Key
from infra.components.maintenance import Maintenance
from infra.components.media import Media
from infra.components.registry import Registry
from infra.components.rollout import Shared
from infra.components.secrets import Secrets
from infra.components.web import Web
from infra.components.worker import Worker
from infra.config import Stack
from infra.lookups import Answers
from infra.preview import Preview
from infra.source import from_branch, from_image, ops_from_branch, ops_from_image
from render_provider import resources as render


async def deploy(stack: Stack, answers: Answers) -> None:
    """Declare one environment."""
    answers.require_account(stack)
    release = answers.release(stack) if stack.source == "image" else None
    image_of = version(release) if stack.source == "image" else None
    basis = Basis("basis", stack, image=image_of, versions=answers.versions)
    await basis.accepted()

    environment = render.Environment(
        "environment",
        name=stack.environment,
        project_id=answers.project_id,
        protected_status="protected" if stack.is_prod else "unprotected",
        network_isolation_enabled=True,
        opts=pulumi.ResourceOptions(protect=stack.keeps_data, retain_on_delete=stack.keeps_data),
    )

    # What holds data.
    key = Key("key", stack)
    database = Database("database", stack, environment_id=environment.id)
    cache = Cache("cache", stack, environment_id=environment.id)
    backups = Backups("backups", stack, key_arn=key.arn)
    registry = Registry("registry", stack, key_arn=key.arn)

    # Who may do what.
    identity = Identity(
        "identity", stack, owner_id=answers.render_owner, environment_id=environment.id, key_arn=key.arn
    )
    secrets = Secrets("secrets", stack, key_arn=key.arn)
    backup_key = BackupKey("backup-key", stack, key_arn=key.arn)

    # What answers, and where: Render says so when it has made it. It is told its address by its configuration, which
    # follows it, and which its release waits for.
    image = None
    if registry.credential:
        image = Image("image", stack, registry=registry, release=release)
        source = from_image(image.reference, registry.credential)
        ops_image = OpsImage("ops-image", stack, registry=registry)
        ops_source = ops_from_image(ops_image.reference, registry.credential, source)
    else:
        source, ops_source = from_branch(stack), ops_from_branch(stack)
    media_access = identity.variables("media")
    maintenance = Maintenance("maintenance", stack, environment_id=environment.id)
    web = Web(
        "web",
        stack,
        environment_id=environment.id,
        source=source,
        variables=media_access,
        page=maintenance.url,
    )
    origins = web.url.apply(lambda url: addresses.origins(stack, url))
    media = Media("media", stack, key_arn=key.arn, origins=origins)
    backup_jobs = BackupJobs(
        "backup-jobs",
        stack,
        environment_id=environment.id,
        source=ops_source,
        variables={"DATABASE_URL": database.url, "BACKUP_RECIPIENTS": backup_key.recipients},
        identity=identity.variables,
        after=backups,
    )
    companions = wanted(
        "companion",
        stack,
        answers,
        environment_id=environment.id,
        source=ops_source,
        variables={"DATABASE_URL": database.url, **identity.variables("restore")},
        after=backups,
    )
    configuration = Configuration(
        "configuration",
        stack,
        environment_id=environment.id,
        hosts=web.url.apply(lambda url: addresses.hosts(stack, url)),
        origins=origins,
        database_url=database.url,
        cache_url=cache.url,
        secrets={**secrets.values, **{name: answers.secrets[name] for name in stack.secrets}},
    )

    # What is released. The web service migrates, so the others follow it.
    shared = Shared(environment.id, configuration.group, source)
    web_deploy = web.release(shared)
    domains = [Domains("domains", stack, web=web, after=web_deploy)] if stack.domains.web else []
    worker = Worker("worker", stack, shared, variables=media_access, web=web, after=web_deploy)
    jobs = Jobs("jobs", stack, shared, after=web_deploy)
    trusting = [identity, *identity.trust(backup_jobs.ids(companions))]
    backup_jobs.release(after=trusting)
    for companion in companions:
        companion.release(after=trusting)

    # What watches.
    alarms = Alarms("alarms", stack, key_arn=key.arn)
    if stack.keeps_data:
        data = (environment, key, database, cache, backups, backup_key, media, registry, secrets)
        run = (maintenance, web, *domains, configuration, worker, jobs, backup_jobs, *companions)
        Guard("guard", stack, basis=basis, after=[*data, identity, *run, alarms])

    outputs = {
        "url": web.url,
        "frontend_url": web.url,  # it serves the pages, too
        "image": image.reference if image else None,
        "branch": stack.branch,
        "database": database.server.name,
        "database_url": database.url,
        "registry": registry.url,
        "backup_bucket": backups.bucket_name,
        "media_bucket": media.bucket_name,
        "secret": secrets.secret_name,
        "backup_key": backup_key.secret_name,
        "alarms_topic": alarms.topic_arn,
        **{f"{who}_{identity.kind(who)}": arn for who, arn in identity.arns.items()},
    }
    for name, value in outputs.items():
        pulumi.export(name, value)


async def deploy_preview(stack: Preview, answers: Answers) -> None:
    """Declare the preview of a pull request: what serves of an environment, and nothing in AWS (docs/adr/0059)."""
    answers.require_account(stack)
    basis = Basis("basis", stack, image=None, versions={})
    await basis.accepted()
    environment = render.Environment(
        "environment",
        name=stack.stack,
        project_id=answers.project_id,
        protected_status="unprotected",
        network_isolation_enabled=True,
    )
    database = Database("database", stack, environment_id=environment.id)
    cache = Cache("cache", stack, environment_id=environment.id)
    source = from_branch(stack, stack.commit)
    web = Web("web", stack, environment_id=environment.id, source=source, variables={})
    configuration = Configuration(
        "configuration",
        stack,
        environment_id=environment.id,
        hosts=web.url.apply(lambda url: addresses.hosts(stack, url)),
        origins=web.url.apply(lambda url: addresses.origins(stack, url)),
        database_url=database.url,
        cache_url=cache.url,
        secrets=generated("secrets", stack),
    )
    shared = Shared(environment.id, configuration.group, source)
    Worker("worker", stack, shared, variables={}, web=web, after=web.release(shared))

    said = {"url": web.url, "branch": stack.branch, "commit": stack.commit, "until": stack.until.isoformat()}
    for name, value in said.items():
        pulumi.export(name, value)
