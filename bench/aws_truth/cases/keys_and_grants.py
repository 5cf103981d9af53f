"""KMS's key policies as the gate, and grants as a second way in."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import REGION, Account, Keys, allow, deny
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.scene import policy

Statement = dict[str, Any]
ROOT = "arn:aws:iam::123456789012:root"
USERS = ROOT.replace("root", "user/")
OWNER = {**allow("kms:*"), "Principal": {"AWS": ROOT}}
ADMINISTRATOR = {**allow("kms:*"), "Principal": {"AWS": "arn:aws:iam::123456789012:user/local-administrator"}}
NOTHING = deny("s3:nothing")
USE = allow("kms:*")
DENIED = "AccessDeniedException"


def _encrypts(
    says: str, *statements: Statement, code: str | None = None, own: Statement = NOTHING, **more: Any
) -> Case:
    """A user with `own` encrypts with a key of this policy; `{me}` is the user."""

    def prepare(account: Account) -> Attempt:
        keys = account.user(own)
        key = _key(account, keys, statements)
        return lambda: account.client("kms", keys).encrypt(KeyId=key, Plaintext=b"x", **more)

    return Case(f"key policy: {says}", prepare, code)


def _granted(says: str, context: dict[str, str], code: str | None = None, **grant: Any) -> Case:
    """A user without policies decrypts by a grant."""

    def prepare(account: Account) -> Attempt:
        keys, kms = account.user(NOTHING), account.admin("kms")
        key = _key(account, keys, (OWNER,))
        sealed = kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=context)["CiphertextBlob"]
        made = {"GranteePrincipal": keys["Arn"], "Operations": ["Decrypt"], **grant}
        revoked = made.pop("Revoked", False)
        granted = kms.create_grant(KeyId=key, **made)["GrantId"]
        if revoked:
            kms.revoke_grant(KeyId=key, GrantId=granted)
        client = account.client("kms", keys)
        return lambda: client.decrypt(CiphertextBlob=sealed, EncryptionContext=context)

    return Case(f"grant: {says}", prepare, code)


def _described(account: Account) -> Attempt:
    """A user looks at a key by a grant whose constraint is on an encryption context."""
    keys, kms = account.user(NOTHING), account.admin("kms")
    key = _key(account, keys, (OWNER,))
    kms.create_grant(
        KeyId=key, GranteePrincipal=keys["Arn"], Operations=["Decrypt", "DescribeKey"], Constraints=CONTEXT
    )
    return lambda: account.client("kms", keys).describe_key(KeyId=key)


def _made(says: str, code: str | None = None, **grant: Any) -> Case:
    """A grant is made."""

    def prepare(account: Account) -> Attempt:
        kms = account.admin("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        return lambda: kms.create_grant(KeyId=key, Operations=["Decrypt"], **grant)

    return Case(f"make a grant: {says}", prepare, code)


def _opened(says: str, call: str, code: str | None, *, other: bool = True) -> Case:
    """What one key sealed is opened, with that key named or another."""

    def prepare(account: Account) -> Attempt:
        kms = account.admin("kms")
        keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
        sealed = kms.encrypt(KeyId=keys[0], Plaintext=b"x")["CiphertextBlob"]
        named = keys[1] if other else keys[0]
        to: dict[str, str] = (
            {"KeyId": named} if call == "decrypt" else {"SourceKeyId": named, "DestinationKeyId": keys[1]}
        )
        return lambda: getattr(kms, call)(CiphertextBlob=sealed, **to)

    return Case(says, prepare, code)


def _key(account: Account, keys: Keys, statements: tuple[Statement, ...]) -> str:
    text = policy(*statements).replace("{me}", keys["Arn"])
    return str(account.admin("kms").create_key(Policy=text)["KeyMetadata"]["KeyId"])


def _created(says: str, *statements: Statement, code: str | None, bypass: bool = False, text: str = "") -> Case:
    """A key is made with this policy."""

    def prepare(account: Account) -> Attempt:
        options = {"Policy": text or policy(*statements), "BypassPolicyLockoutSafetyCheck": bypass}
        return lambda: account.admin("kms").create_key(**options)

    return Case(f"create a key: {says}", prepare, code)


ME = {"Principal": {"AWS": "{me}"}}
CONTEXT = {"EncryptionContextEquals": {"tenant": "a"}}
SUBSET = {"EncryptionContextSubset": {"tenant": "a"}}
LOCKED_OUT = "MalformedPolicyDocumentException"
CASES = [
    _encrypts("the account's, and the user's own allows", OWNER, own=USE),
    _encrypts("the account's, and the user's own does not", OWNER, code=DENIED),
    _encrypts("the administrator's alone, whatever the user's own allows", ADMINISTRATOR, own=USE, code=DENIED),
    _encrypts("names the user, who has no own", ADMINISTRATOR, {**allow("kms:Encrypt"), **ME}),
    _encrypts("denies the user, whose own allows", OWNER, {**deny("kms:Encrypt"), **ME}, own=USE, code=DENIED),
    _encrypts(
        "only through S3, and the user comes directly",
        ADMINISTRATOR,
        {**allow("kms:Encrypt", Condition={"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}), **ME},
        code=DENIED,
    ),
    _encrypts(
        "only for a tenant, and it is this one",
        ADMINISTRATOR,
        {**allow("kms:Encrypt", Condition={"StringEquals": {"kms:EncryptionContext:tenant": "a"}}), **ME},
        EncryptionContext={"tenant": "a"},
    ),
    _encrypts(
        "only for a tenant, and it is another",
        ADMINISTRATOR,
        {**allow("kms:Encrypt", Condition={"StringEquals": {"kms:EncryptionContext:tenant": "a"}}), **ME},
        EncryptionContext={"tenant": "b"},
        code=DENIED,
    ),
    _encrypts(
        "only callers of the account",
        ADMINISTRATOR,
        {
            **allow("kms:Encrypt", Condition={"StringEquals": {"kms:CallerAccount": "123456789012"}}),
            "Principal": {"AWS": "*"},
        },
    ),
    _granted("of the operation", {}),
    _granted("of another operation", {}, Operations=["Encrypt"], code=DENIED),
    _granted("to somebody else", {}, GranteePrincipal=ROOT.replace("root", "user/local-administrator"), code=DENIED),
    _granted("that was revoked", {}, Revoked=True, code=DENIED),
    _granted("for exactly this context", {"tenant": "a"}, Constraints=CONTEXT),
    _granted(
        "for exactly this context, and there is more", {"tenant": "a", "more": "b"}, Constraints=CONTEXT, code=DENIED
    ),
    _granted("for at least this context, and there is more", {"tenant": "a", "more": "b"}, Constraints=SUBSET),
    _granted("for at least this context, and it is another", {"tenant": "b"}, Constraints=SUBSET, code=DENIED),
    Case("a grant's constraint does not bind who looks at the key", _described),
    _made("to the administrator", GranteePrincipal=f"{USERS}local-administrator"),
    _made("to the account", GranteePrincipal=ROOT),
    _made("to a user who is not there", "InvalidArnException", GranteePrincipal=f"{USERS}nobody"),
    _made("to what is no ARN", "InvalidArnException", GranteePrincipal="nobody"),
    _made(
        "to be retired by a user who is not there",
        "InvalidArnException",
        GranteePrincipal=ROOT,
        RetiringPrincipal=f"{USERS}nobody",
    ),
    _opened("decrypt with the key named", "decrypt", None, other=False),
    _opened("decrypt with another key named", "decrypt", "IncorrectKeyException"),
    _opened("encrypt anew with the source's key named", "re_encrypt", None, other=False),
    _opened("encrypt anew with another source's key named", "re_encrypt", "IncorrectKeyException"),
    _created("its policy is the account's", OWNER, code=None),
    _created("its policy locks everybody out", {**allow("kms:Encrypt"), "Principal": {"AWS": ROOT}}, code=LOCKED_OUT),
    _created(
        "its policy locks everybody out, on purpose",
        {**allow("kms:Encrypt"), "Principal": {"AWS": ROOT}},
        code=None,
        bypass=True,
    ),
    _created("its policy denies who puts it", OWNER, {**deny("kms:PutKeyPolicy"), "Principal": "*"}, code=LOCKED_OUT),
    _created(
        "its policy names a role that is not there",
        OWNER,
        {**allow("kms:*"), "Principal": {"AWS": "arn:aws:iam::123456789012:role/nobody"}},
        code=LOCKED_OUT,
    ),
    _created("its policy names nobody", allow("kms:*"), code=LOCKED_OUT),
    _created("its policy is no JSON", text="{", code=LOCKED_OUT),
]
