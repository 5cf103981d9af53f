"""Issuers of identity tokens that an account trusts."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.adopting import adopting
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import https_url, length
from localcloud.plugins.fields import Fields, mapping, string, unordered
from localcloud.plugins.resource import PluginError, Resource, function
from pulumi_plugin.values import Values

_SCHEME = "https://"


class OpenIdConnectProvider(Resource[Aws]):
    """One issuer; its id is its ARN."""

    type_ = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    fields: ClassVar[Fields] = {
        "url": string(required=True, replace=True, valid=(https_url,)),
        "clientIdLists": unordered(string(valid=(length(1, 255),)), required=True),
        "thumbprintLists": unordered(string(valid=(length(40, 40),)), computed=True),
        **tags.TAGS,
    }
    outputs = ("arn",)

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same URL with exactly these tags is the same issuer."""
        thumbprints = {"ThumbprintList": inputs["thumbprintLists"]} if inputs.get("thumbprintLists") else {}
        arn = f"arn:aws:iam::{cloud.account}:oidc-provider/{inputs['url'].removeprefix(_SCHEME)}"
        with adopting(self, cloud, arn, inputs, taken="EntityAlreadyExists"):
            cloud.client("iam").create_open_id_connect_provider(
                Url=inputs["url"],
                ClientIDList=inputs["clientIdLists"],
                Tags=tags.as_list(inputs),
                **thumbprints,
            )
        return arn, {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is. IAM drops the scheme of the URL that it was given."""
        provider = or_none(cloud.client("iam").get_open_id_connect_provider, OpenIDConnectProviderArn=resource_id)
        if provider is None:
            return None
        return {
            "arn": resource_id,
            "url": _SCHEME + provider["Url"].removeprefix(_SCHEME),
            "clientIdLists": provider.get("ClientIDList", []),
            "thumbprintLists": provider.get("ThumbprintList", []),
            "tagsAll": tags.as_map(provider.get("Tags", [])),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Audiences, thumbprints and tags can change."""
        iam, which = cloud.client("iam"), {"OpenIDConnectProviderArn": resource_id}
        current = iam.get_open_id_connect_provider(**which)
        if "clientIdLists" in changed:
            wanted, has = set(inputs["clientIdLists"]), set(current.get("ClientIDList", []))
            for audience in sorted(wanted - has):
                iam.add_client_id_to_open_id_connect_provider(**which, ClientID=audience)
            for audience in sorted(has - wanted):
                iam.remove_client_id_from_open_id_connect_provider(**which, ClientID=audience)
        if "thumbprintLists" in changed and inputs.get("thumbprintLists"):
            iam.update_open_id_connect_provider_thumbprint(**which, ThumbprintList=inputs["thumbprintLists"])
        if "tagsAll" in changed:
            tags.sync(
                tags.as_map(current.get("Tags", [])),
                inputs,
                iam.tag_open_id_connect_provider,
                iam.untag_open_id_connect_provider,
                **which,
            )

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Trust it no more."""
        with absent_is_fine():
            cloud.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=resource_id)


@function(
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider", {"arn": string(), "url": string(), "tags": mapping()}
)
def get_open_id_connect_provider(cloud: Aws, args: Values) -> Values:
    """By its ARN or its URL."""
    iam = cloud.client("iam")
    arn = args.get("arn")
    if not arn:
        wanted = str(args.get("url", "")).removeprefix(_SCHEME)
        listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        arn = next((each["Arn"] for each in listed if each["Arn"].partition("oidc-provider/")[2] == wanted), None)
        if arn is None:
            raise PluginError(f"no IAM OIDC provider with the URL {args.get('url')} is in this account")
    provider = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {
        "id": arn,
        "arn": arn,
        "url": provider["Url"].removeprefix(_SCHEME),
        "clientIdLists": provider.get("ClientIDList", []),
        "thumbprintLists": provider.get("ThumbprintList", []),
        "tags": tags.as_map(provider.get("Tags", [])),
    }
