"""What a program may ask AWS."""

from __future__ import annotations

from typing import Any

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import explain, is_absent
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import boolean, mapping, string
from localcloud.plugins.resource import Function, PluginError, Values
from pulumi_plugin.values import Secret

_SCHEME = "https://"


def _caller_identity(cloud: Aws, args: Values) -> Values:
    who = cloud.session.identity(cloud.region)
    return {"accountId": who["Account"], "arn": who["Arn"], "userId": who["UserId"], "id": who["Account"]}


def _region(cloud: Aws, args: Values) -> Values:
    name = args.get("name") or cloud.region
    endpoint = f"ec2.{name}.amazonaws.com"
    return {"id": name, "name": name, "region": name, "description": name, "endpoint": endpoint}


def _partition(cloud: Aws, args: Values) -> Values:
    china = cloud.region.startswith("cn-")
    name = "aws-cn" if china else "aws-us-gov" if cloud.region.startswith("us-gov-") else "aws"
    suffix = "amazonaws.com.cn" if china else "amazonaws.com"
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": name, "partition": name, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _parameters_by_path(cloud: Aws, args: Values) -> Values:
    decrypted = args.get("withDecryption", True)
    recursive = args.get("recursive", False)
    pages = cloud.client("ssm").get_paginator("get_parameters_by_path")
    found: list[Any] = []
    for page in pages.paginate(Path=args["path"], Recursive=recursive, WithDecryption=decrypted):
        found.extend(page["Parameters"])
    return {
        "id": args["path"],
        "path": args["path"],
        "region": cloud.region,
        "recursive": recursive,
        "withDecryption": decrypted,
        "arns": [each["ARN"] for each in found],
        "names": [each["Name"] for each in found],
        "types": [each["Type"] for each in found],
        "values": [each["Value"] for each in found],
    }


def _parameter(cloud: Aws, args: Values) -> Values:
    decrypted = args.get("withDecryption", True)
    found = cloud.client("ssm").get_parameter(Name=args["name"], WithDecryption=decrypted)["Parameter"]
    return {
        "id": found["Name"],
        "name": found["Name"],
        "arn": found["ARN"],
        "type": found["Type"],
        "value": found["Value"],
        "insecureValue": found["Value"] if found["Type"] != "SecureString" else None,
        "version": found["Version"],
        "region": cloud.region,
        "withDecryption": decrypted,
    }


def _oidc_provider(cloud: Aws, args: Values) -> Values:
    iam = cloud.client("iam")
    arn = args.get("arn")
    if not arn:
        wanted = str(args.get("url", "")).removeprefix(_SCHEME)
        listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        arn = next((each["Arn"] for each in listed if each["Arn"].partition("oidc-provider/")[2] == wanted), None)
        if arn is None:
            raise PluginError(f"no IAM OIDC provider with the URL {args.get('url')} is in this account")
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {
        "id": arn,
        "arn": arn,
        "url": found["Url"].removeprefix(_SCHEME),
        "clientIdLists": found.get("ClientIDList", []),
        "thumbprintLists": found.get("ThumbprintList", []),
        "tags": tags.as_map(found.get("Tags", [])),
    }


def _kms_alias(cloud: Aws, args: Values) -> Values:
    for page in cloud.client("kms").get_paginator("list_aliases").paginate():
        for alias in page["Aliases"]:
            if alias["AliasName"] == args["name"] and alias.get("TargetKeyId"):
                arn, key = alias["AliasArn"], alias["TargetKeyId"]
                key_arn = f"{arn.rsplit(':', 1)[0]}:key/{key}"
                found = {"id": arn, "arn": arn, "name": args["name"], "region": cloud.region}
                return {**found, "targetKeyId": key, "targetKeyArn": key_arn}
    raise PluginError(f"no KMS alias is named {args['name']}")


def _secret_version(cloud: Aws, args: Values) -> Values:
    which = {"VersionId": args.get("versionId"), "VersionStage": args.get("versionStage")}
    chosen = which["VersionId"] or which["VersionStage"] or "AWSCURRENT"
    place = f"{args['secretId']}|{chosen}"
    given = {name: value for name, value in which.items() if value}
    try:
        found = cloud.client("secretsmanager").get_secret_value(SecretId=args["secretId"], **given)
    except Exception as error:
        why = "couldn't find resource" if is_absent(error) or "marked for deletion" in str(error) else explain(error)
        raise PluginError(f"reading Secrets Manager Secret Version ({place}): {why}") from error
    binary = found.get("SecretBinary")
    return {
        "id": place,
        "arn": found["ARN"],
        "region": cloud.region,
        "secretId": args["secretId"],
        "secretString": Secret(found.get("SecretString", "")),
        "secretBinary": Secret(binary.decode(errors="replace") if binary else ""),
        "versionId": found["VersionId"],
        "versionStage": args.get("versionStage"),
        "versionStages": found.get("VersionStages", []),
        "createdDate": found["CreatedDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


_WHERE = {"region": string()}
FUNCTIONS = (
    Function("aws:index/getCallerIdentity:getCallerIdentity", {"id": string()}, _caller_identity),
    Function(
        "aws:index/getRegion:getRegion",
        {"id": string(), "name": string(), "endpoint": string(), **_WHERE},
        _region,
    ),
    Function("aws:index/getPartition:getPartition", {"id": string()}, _partition),
    Function(
        "aws:ssm/getParametersByPath:getParametersByPath",
        {"path": string(required=True), "recursive": boolean(), "withDecryption": boolean(), **_WHERE},
        _parameters_by_path,
    ),
    Function(
        "aws:ssm/getParameter:getParameter",
        {"name": string(required=True), "withDecryption": boolean(), **_WHERE},
        _parameter,
    ),
    Function(
        "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider",
        {"arn": string(), "url": string(), "tags": mapping()},
        _oidc_provider,
    ),
    Function(
        "aws:secretsmanager/getSecretVersion:getSecretVersion",
        {"secretId": string(required=True), "versionId": string(), "versionStage": string(), **_WHERE},
        _secret_version,
    ),
    Function("aws:kms/getAlias:getAlias", {"name": string(required=True), **_WHERE}, _kms_alias),
)
