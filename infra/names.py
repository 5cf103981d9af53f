"""Every physical name, address and tag. No two environments share one, so that they can share an account."""

from __future__ import annotations

from dataclasses import dataclass

# What the backup commands publish to CloudWatch, and the alarms read.
BACKUP_METRIC = "BackupCompleted"
MEDIA_METRIC = "MediaBackupCompleted"
DRILL_METRIC = "DrillFailed"

# Below the backup bucket: dumps that the restore companion takes, and what it keeps of them.
DROPS = "drops/"
COMPANION = ".companion/"  # below any prefix that it watches

PREVIEW = "preview"  # what previews have in common: their stack file, their environment at GitHub, their role

GITHUB_ISSUER = "token.actions.githubusercontent.com"


@dataclass(frozen=True)
class ProjectNames:
    """What an application has once, whatever its environments."""

    project: str
    """The application's name: also Pulumi's project and Render's project."""

    @property
    def state_key_alias(self) -> str:
        return f"alias/{self.project}-state"

    def state_bucket(self, account: str) -> str:
        """Where Pulumi keeps its state: one for each account, made by `slipway bootstrap`."""
        return f"{self.project}-state-{account}"

    def setting(self, key: str) -> str:
        """How a stack file writes one of our settings."""
        return f"{self.project}:{key}"

    def component(self, kind: str) -> str:
        """The type of a component. The state knows everything in it by that: another one would replace it all."""
        return f"{self.project}:index:{kind}"


@dataclass(frozen=True)
class EnvironmentNames(ProjectNames):
    """What an environment has; known before its settings are, because the program's first questions need it."""

    environment: str

    @property
    def stem(self) -> str:
        """What the names of an environment start with."""
        return f"{self.project}-{self.environment}"

    @property
    def web(self) -> str:
        """The web service: its name is in the address that Render gives it, so nothing follows the stem."""
        return self.stem

    @property
    def worker(self) -> str:
        return f"{self.stem}-worker"

    def job(self, command: str) -> str:
        return f"{self.stem}-{command}"

    @property
    def maintenance_site(self) -> str:
        """The static site with the page that Render shows in place of the web service."""
        return f"{self.stem}-maintenance"

    @property
    def env_group(self) -> str:
        return self.stem

    @property
    def database(self) -> str:
        return f"{self.stem}-db"

    def replica(self, number: int) -> str:
        return f"{self.database}-replica-{number}"

    @property
    def database_user(self) -> str:
        """Postgres wants an SQL identifier; the database itself has the same name."""
        return self.stem.replace("-", "_")

    @property
    def cache(self) -> str:
        return f"{self.stem}-cache"

    @property
    def repository(self) -> str:
        """Of images, in ECR."""
        return self.stem

    @property
    def registry_credential(self) -> str:
        return f"{self.stem}-ecr"

    @property
    def key_alias(self) -> str:
        return f"alias/{self.stem}"

    @property
    def release_key_alias(self) -> str:
        """The key that signs what is built for it where no workflow's identity does."""
        return f"{self.key_alias}-release"

    @property
    def secret(self) -> str:
        return f"{self.stem}/app"

    @property
    def backup_key(self) -> str:
        """The secret that holds the age identity which opens its backups."""
        return f"{self.stem}/backup-key"

    def own_secret(self, name: str = "") -> str:
        """A secret of one's own in the vault; without a name, what all of them begin with."""
        return f"{self.stem}/own/{name}"

    @property
    def parameters(self) -> str:
        """The path that holds an environment's parameters."""
        return f"/{self.project}/{self.environment}"

    @property
    def release(self) -> str:
        """The parameter that says which image runs; its history is the history of releases."""
        return f"{self.parameters}/release"

    @property
    def lock(self) -> str:
        """The parameter that says who has locked the environment, and why; there only while it is locked."""
        return f"{self.parameters}/lock"

    @property
    def maintenance(self) -> str:
        """The parameter that says who has put up the maintenance page, and what was paused; there only meanwhile."""
        return f"{self.parameters}/maintenance"

    @property
    def gate(self) -> str:
        """The parameter that says what served before; there only while a release has not passed the gate."""
        return f"{self.parameters}/gate"

    @property
    def audit(self) -> str:
        """The parameter each of whose versions is a line: who did what, when, and how it ended."""
        return f"{self.parameters}/audit"

    @property
    def guard(self) -> str:
        """The parameter that stands between an environment and `pulumi destroy`."""
        return f"{self.parameters}/guard"

    def identity(self, who: str) -> str:
        """A role or a user: `deploy`, `backup`, `media`, `restore`, `pull`."""
        return f"{self.stem}-{who}"

    @property
    def metrics(self) -> str:
        """CloudWatch's namespace; of a metric, IAM can tell nothing narrower."""
        return f"{self.project}/{self.environment}"

    def alarm(self, what: str) -> str:
        return f"{self.stem}-{what}"

    @property
    def topic(self) -> str:
        return f"{self.stem}-alarms"

    @property
    def tags(self) -> dict[str, str]:
        """On everything that AWS can tag."""
        return {"Project": self.project, "Environment": self.environment, "ManagedBy": "pulumi"}

    def variable(self, name: str) -> str:
        """An environment's own form of a variable, such as STAGING_ALLOWED_HOSTS."""
        return f"{self.environment.upper()}_{name}"


@dataclass(frozen=True)
class Names(EnvironmentNames):
    """All of them: `stack.names`."""

    account: str

    def bucket(self, use: str) -> str:
        """Bucket names are shared by all of AWS: the account's number makes them ours."""
        return f"{self.stem}-{use}-{self.account}"


@dataclass(frozen=True)
class PreviewNames(Names):
    """Of the preview of one pull request: its `environment` is its stack, `pr-7`."""

    def variable(self, name: str) -> str:
        return f"{PREVIEW.upper()}_{name}"


def preview(pull: int) -> str:
    """The stack of a pull request's preview, and its environment at Render."""
    return f"pr-{pull}"


def pull_of(stack: str) -> int | None:
    """The pull request whose preview a stack is; None for any other."""
    number = stack.removeprefix("pr-")
    return int(number) if number.isdecimal() and stack == preview(int(number)) else None


# Addresses that AWS makes of the names above: known without asking it.


def bucket_arn(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def role_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def oidc_provider_arn(account: str, issuer: str) -> str:
    return f"arn:aws:iam::{account}:oidc-provider/{issuer}"


def render_issuer(owner_id: str) -> str:
    """Who signs the tokens of services in a Render workspace."""
    return f"oidc.render.com/{owner_id}"
