"""STS: who one is, and temporary credentials that are bound to a role or user that exists."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import Role, iam_backends
from moto.sts.responses import TokenResponse

from localcloud.aws import caller, sessions
from localcloud.aws.caller import Caller
from localcloud.aws.iam import session as iam_session
from localcloud.aws.oidc import claims, refusals, trust
from localcloud.aws.oidc import session as given
from localcloud.aws.oidc.presentation import presented
from localcloud.aws.replies import AwsError, same
from localcloud.aws.sessions import Session
from localcloud.machine import clock

HOUR = 3600
SHORTEST = 900
LONGEST_OF_USER = 36 * HOUR


def install() -> None:
    """Put all of it in place."""
    answers: Any = TokenResponse
    answers.get_caller_identity = _get_caller_identity
    answers.get_session_token = _get_session_token
    answers.assume_role = _assume_role
    answers.assume_role_with_web_identity = _assume_role_with_web_identity


def credentials(session: Session) -> dict[str, Any]:
    """As every action of STS that makes some answers them; clients look at the machine's clock for the end."""
    return {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key,
        "SessionToken": session.token,
        "Expiration": (session.expires - clock.ahead()).replace(tzinfo=None),
    }


def role_of(role_arn: str, account: str) -> Role | None:
    """The role of that ARN."""
    return next((role for role in iam_backends[account]["aws"].roles.values() if role.arn == role_arn), None)


def principal(role: Role, session_name: str, **known: Any) -> Caller:
    """The session of a role, as policies and `get-caller-identity` name it."""
    arn = f"arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{session_name}"
    return Caller("role", role.account_id, arn, f"{role.id}:{session_name}", role_arn=role.arn, **known)


def check_duration(seconds: int, role: Role, *, chained: bool = False) -> None:
    """Refuse a session that would be shorter or longer than AWS, its role or role chaining allows."""
    if seconds < SHORTEST:
        raise _invalid(seconds, "durationSeconds", f"Member must have value greater than or equal to {SHORTEST}")
    if seconds > 12 * HOUR:
        raise _invalid(seconds, "durationSeconds", f"Member must have value less than or equal to {12 * HOUR}")
    if chained and seconds > HOUR:
        raise _validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        )
    if seconds > int(role.max_session_duration or HOUR):
        raise _validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")


def not_to_be_assumed(who: str, arn: str, action: str = "sts:AssumeRole") -> AwsError:
    """Said also of a role that is not there, so that nobody can find out which are."""
    return same("AccessDenied", 403, f"User: {who} is not authorized to perform: {action} on resource: {arn}")


def _get_caller_identity(_: TokenResponse) -> ActionResult:
    me = caller.current.get()
    return ActionResult({"UserId": me.user_id, "Account": me.account, "Arn": me.arn})


def _get_session_token(self: Any) -> ActionResult:
    me, seconds = caller.current.get(), self._get_int_param("DurationSeconds", 12 * HOUR)
    if me.issued:
        raise same("AccessDenied", 403, "Cannot call GetSessionToken with session credentials")
    if seconds < SHORTEST:
        raise _invalid(seconds, "durationSeconds", f"Member must have value greater than or equal to {SHORTEST}")
    if seconds > LONGEST_OF_USER:
        raise _invalid(seconds, "durationSeconds", f"Member must have value less than or equal to {LONGEST_OF_USER}")
    return ActionResult({"Credentials": credentials(sessions.begin(me, seconds))})


def _assume_role(self: Any) -> ActionResult:
    me, arn, name = caller.current.get(), self._get_param("RoleArn"), self._get_param("RoleSessionName")
    seconds = self._get_int_param("DurationSeconds", HOUR)
    role = role_of(arn, me.account)
    if role is None:
        raise not_to_be_assumed(me.arn, arn)
    check_duration(seconds, role, chained=me.kind == "role")
    asked = iam_session.asked(me, role, self.params)
    who = _principal_of(role, name, asked)
    session = sessions.begin(who, seconds)
    user = {"AssumedRoleId": who.user_id, "Arn": who.arn}
    answer = {"PackedPolicySize": asked.packed, "SourceIdentity": asked.source_identity}
    return ActionResult({"Credentials": credentials(session), "AssumedRoleUser": user, **answer})


def _assume_role_with_web_identity(_: TokenResponse) -> ActionResult:
    """For who has shown a token that was verified: where the role's trust policy lets the bearer have it."""
    shown = presented.get()
    asked, who = shown.request, shown.who
    role, told = role_of(asked.role_arn, asked.account), given.parameters(asked, who)
    if role is None or not trust.allows(role, who, shown.keys, told):
        raise refusals.not_authorized()
    check_duration(asked.seconds, role)
    wanted = iam_session.asked(caller.ANONYMOUS, role, told)
    bearer = _principal_of(role, asked.session_name, wanted, token_claims=claims.of_session(who))
    session = sessions.begin(bearer, asked.seconds)
    return ActionResult(
        {
            "Credentials": credentials(session),
            "SubjectFromWebIdentityToken": who.subject,
            "AssumedRoleUser": {"AssumedRoleId": session.caller.user_id, "Arn": session.caller.arn},
            "PackedPolicySize": wanted.packed,
            "SourceIdentity": wanted.source_identity,
            "Provider": who.provider,
            "Audience": who.audience,
        }
    )


def _principal_of(role: Role, name: str, wanted: iam_session.Session, **known: Any) -> Caller:
    return principal(
        role,
        name,
        session_policies=wanted.policies,
        session_tags=wanted.tags,
        transitive_tags=wanted.transitive,
        source_identity=wanted.source_identity,
        **known,
    )


def _invalid(value: object, member: str, rule: str) -> AwsError:
    return _validation(
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
    )


def _validation(message: str) -> AwsError:
    return same("ValidationError", 400, message)
