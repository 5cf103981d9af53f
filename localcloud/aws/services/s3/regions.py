"""A bucket answers in its own region: a call that was signed for another is told where to go.

One address stands for the endpoints of all regions, so the region of the signature says which of them was meant.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingRouting.html
"""

from __future__ import annotations

from localcloud.aws.call import Call
from localcloud.aws.services.s3 import bucket
from localcloud.aws.services.s3.buckets import DEFAULT_REGION
from localcloud.aws.services.s3.errors import refuse, with_headers

_ANYWHERE = ("CreateBucket", "GetBucketLocation", "ListBuckets")


def check(call: Call) -> None:
    """Raise the AwsError of a call that came to the wrong region. Who does not sign is led to the right one."""
    found = bucket.in_path(call)
    if found is None or call.action in _ANYWHERE or call.region in ("", found.region_name):
        return
    region = {"x-amz-bucket-region": found.region_name}
    if call.region == DEFAULT_REGION:  # whose endpoint takes the names of all buckets, and passes them on
        in_query = "X-Amz-Credential" in call.query
        code = "AuthorizationQueryParametersError" if in_query else "AuthorizationHeaderMalformed"
        where = (
            "Error parsing the X-Amz-Credential parameter" if in_query else "The authorization header is malformed"
        )
        wrong = f"{where}; the region '{call.region}' is wrong; expecting '{found.region_name}'"
        raise with_headers(refuse(code, 400, wrong, Region=found.region_name), region)
    message = (
        "The bucket you are attempting to access must be addressed using the specified endpoint. "
        "Please send all future requests to this endpoint."
    )
    # This address, not AWS's: a client that follows must not leave the machine.
    endpoint = call.headers.get("host", "")
    raise with_headers(refuse("PermanentRedirect", 301, message, Endpoint=endpoint, Bucket=found.name), region)
