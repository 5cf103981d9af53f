"""A repository in a registry: whatever has a digest is held to it, and what is interrupted goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from console.errors import REFUSED, ExplainedError
from ops.releases import attachments
from ops.releases.copying import copy
from registry_api import connection
from registry_api.connection import Connection, ConnectionLostError, RegistryRefusedError, UnclearError
from registry_api.images import Images
from registry_api.manifests import INDEX, LARGEST, Manifest, digest_of, fallback_tag
from tests.support.plain_registry import LOGIN, PlainRegistry, plain_registry, pushed

BIG = bytes(range(256)) * 20_000  # 5 MB: more than one chunk


@pytest.fixture(params=[True, False], ids=["referrers", "tags"])
def registry(request: pytest.FixtureRequest) -> Iterator[PlainRegistry]:
    """One that lists referrers, and one where a tag does."""
    with plain_registry(lists_referrers=request.param) as one:
        yield one


@pytest.fixture
def other() -> Iterator[PlainRegistry]:
    """Another host."""
    with plain_registry(lists_referrers=True) as one:
        yield one


def index_of(images: Images, *inner: Manifest) -> Manifest:
    """An index of images."""
    index = Manifest.of({"schemaVersion": 2, "mediaType": INDEX, "manifests": [one.descriptor for one in inner]})
    images.put(index)
    return index


def test_an_index_is_copied_with_its_images_and_all_that_hangs_on_it(
    registry: PlainRegistry, other: PlainRegistry
) -> None:
    """The same bytes under the same digests; what hangs on an image of it too; a tag, if one is asked for."""
    source, target = registry.images("cams-dev"), other.images("cams-staging")
    one, two = pushed(source, BIG), pushed(source, b"two")
    index = index_of(source, one, two)
    sbom = attachments.attach(source, index, attachments.SBOM_TYPE, b"packages", {})
    note = attachments.attach(source, two, "text/note", b"of one image", {"a": "b"})

    copied = copy(source, target, index.digest, tag="tree-1")

    assert copied == index
    assert target.manifest("tree-1") == index
    assert {target.manifest(one.digest), target.manifest(two.digest)} == {one, two}
    assert [each["digest"] for each in target.referrers(index.digest, attachments.SBOM_TYPE)] == [sbom]
    assert [(each["digest"], each["annotations"]) for each in target.referrers(two.digest)] == [(note, {"a": "b"})]
    assert target.blob(digest_of(BIG), limit=len(BIG)) == BIG


def test_a_copy_that_was_interrupted_goes_on(registry: PlainRegistry, other: PlainRegistry) -> None:
    """Half a layer came, and the whole of it is asked for once more; a second copy sends nothing."""
    source, target = registry.images("cams-dev"), other.images("cams-staging")
    image = pushed(source, BIG)
    registry.cut.add(digest_of(BIG))

    copy(source, target, image.digest)

    assert registry.asked["GET cams-dev/blobs"] == 3  # the configuration, half the layer, the layer
    assert target.blob(digest_of(BIG), limit=len(BIG)) == BIG
    before = dict(other.asked)
    copy(source, target, image.digest)
    assert other.asked["PATCH cams-staging/blobs/uploads"] == before["PATCH cams-staging/blobs/uploads"]


def test_two_copies_at_once_do_not_disturb_each_other(registry: PlainRegistry, other: PlainRegistry) -> None:
    """Everything has the name of its content."""
    source, target = registry.images("cams-dev"), other.images("cams-staging")
    image = pushed(source, BIG)
    attachments.attach(source, image, attachments.SBOM_TYPE, b"packages", {})

    with ThreadPoolExecutor(4) as pool:
        copies = list(pool.map(lambda _: copy(source, target, image.digest, tag="tree-1"), range(4)))

    assert set(copies) == {image}
    assert len(target.referrers(image.digest)) == 1


def test_within_a_registry_a_layer_is_borrowed(registry: PlainRegistry) -> None:
    """Nothing is downloaded to be sent back."""
    source, target = registry.images("cams-dev"), registry.images("cams-staging")
    image = pushed(source, BIG)

    copy(source, target, image.digest)

    assert registry.asked["GET cams-dev/blobs"] == 0
    assert target.manifest(image.digest) == image


@pytest.mark.parametrize("what", ["manifest", "layer"])
def test_other_bytes_than_were_asked_for_are_refused(
    registry: PlainRegistry, other: PlainRegistry, what: str
) -> None:
    """A registry, or who may write to its disk, cannot put another image, or a part of one, under a digest."""
    source, target = registry.images("cams-dev"), other.images("cams-staging")
    image = pushed(source, b"layer", "v1")
    if what == "manifest":
        registry.manifests["cams-dev", image.digest] = Manifest(image.content + b"\n", image.media_type)
    else:
        registry.blobs["cams-dev", digest_of(b"layer")] = b"lawyer"

    with pytest.raises(ExplainedError, match=r"^refused: ") as refused:
        copy(source, target, image.digest)

    assert refused.value.code == REFUSED
    assert target.manifest(image.digest) is None


def test_a_small_blob_with_other_bytes_is_refused(registry: PlainRegistry) -> None:
    """A bundle is one."""
    images = registry.images("cams-dev")
    registry.blobs["cams-dev", digest_of(b"bundle")] = b"bundles"

    with pytest.raises(ExplainedError, match=r"^refused: .* gives other bytes than were asked for"):
        images.blob(digest_of(b"bundle"), limit=10)


def test_what_is_too_large_is_not_kept(registry: PlainRegistry) -> None:
    """Neither a blob that is said to be small nor a manifest."""
    images = registry.images("cams-dev")
    images.put_blob(BIG)
    registry.manifests["cams-dev", "huge"] = Manifest(b" " * (LARGEST + 1), INDEX)

    for ask in (lambda: images.blob(digest_of(BIG), limit=len(BIG) - 1), lambda: images.manifest("huge")):
        with pytest.raises(ExplainedError, match=r"^refused: .* is too large: more than \d+ bytes"):
            ask()


def test_a_registry_cannot_send_a_login_to_another_host(registry: PlainRegistry) -> None:
    """An upload goes where it began."""
    registry.elsewhere = "http://127.0.0.1:1"

    with pytest.raises(ExplainedError, match=r"is not to be trusted: it sends its clients to 127\.0\.0\.1:1"):
        registry.images("cams-dev").put_blob(b"blob")


def test_what_the_registry_says_is_told(registry: PlainRegistry) -> None:
    """Its code and its words; a login that is none is told as that."""
    images = registry.images("cams-dev")
    pushed(images, b"one", "v1")

    with pytest.raises(RegistryRefusedError, match="400, TAG_INVALID: the tag is there and does not move"):
        pushed(images, b"two", "v1")
    with pytest.raises(RegistryRefusedError, match="401"):
        Images(images.url, "d3Jvbmc=").manifest("v1")


def test_a_registry_that_does_not_answer_is_told() -> None:
    """With what to do."""
    with pytest.raises(ExplainedError, match=r"^cannot reach the registry 127\.0\.0\.1:1: "):
        Images("127.0.0.1:1/cams-dev", LOGIN).has_blob(digest_of(b""))


def test_elsewhere_than_on_this_machine_it_is_spoken_to_by_tls() -> None:
    """Whatever the registry's name begins with."""
    assert Connection("127.0.0.1:5000", LOGIN)._base == "http://127.0.0.1:5000"
    assert Connection("127.0.0.1.example.com", LOGIN)._base == "https://127.0.0.1.example.com"


def test_what_hangs_on_an_image_is_listed_by_a_tag_where_the_registry_does_not() -> None:
    """As the specification says; to attach the same again adds nothing."""
    with plain_registry() as registry:
        images = registry.images("cams-dev")
        image = pushed(images, b"layer")

        for content in (b"one", b"two", b"one"):
            attachments.attach(images, image, "text/note", content, {})

        listed = images.manifest(fallback_tag(image.digest))
        assert listed is not None
        assert listed.said["manifests"] == images.referrers(image.digest)
        assert len(images.referrers(image.digest)) == 2


def test_a_registry_that_is_busy_is_asked_again_soon(
    registry: PlainRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it says: a day's wait is no wait that anybody sees the end of."""
    monkeypatch.setattr(connection, "LONGEST_WAIT", 0)
    images = registry.images("cams-dev")
    image = pushed(images, b"one", "v1")
    registry.instead["GET manifests"] = [(429, {"Retry-After": "86400"}, b""), (503, {}, b"")]

    assert images.manifest("v1") == image


def test_an_answer_that_breaks_off_is_told_as_that(registry: PlainRegistry) -> None:
    """And can be gone on with; it is no other answer."""
    registry.instead["GET manifests"] = [(200, {"Content-Length": "100"}, b'{"schema')]

    with pytest.raises(ConnectionLostError, match=r"(?s)^cannot reach the registry .*run the same command again"):
        registry.images("cams-dev").manifest("v1")


@pytest.mark.parametrize("said", [b"<html>log in</html>", b"[]", b'{"manifests": [1]}', b"[" * 100_000])
def test_a_page_in_place_of_a_list_is_told(registry: PlainRegistry, said: bytes) -> None:
    """A proxy's, of a network that wants a login."""
    registry.instead["GET referrers"] = [(200, {}, said)]

    with pytest.raises(UnclearError, match="it lists no artifacts: "):
        registry.images("cams-dev").referrers(digest_of(b""))


def test_a_list_without_an_end_is_given_up(registry: PlainRegistry) -> None:
    """Each page leads to one more."""
    page = json.dumps({"manifests": [{"digest": digest_of(bytes([one]))} for one in range(200)]}).encode()
    more = {"Link": f'</v2/cams-dev/referrers/{digest_of(b"")}?n=200>; rel="next"'}
    registry.instead["GET referrers"] = [(200, more, page)] * 50

    with pytest.raises(ExplainedError, match=r"^refused: too much hangs on .*: more than 1000 artifacts"):
        registry.images("cams-dev").referrers(digest_of(b""))

    assert registry.asked["GET cams-dev/referrers"] == 6


def test_an_upload_without_a_place_is_told(registry: PlainRegistry) -> None:
    """The specification has one."""
    registry.instead["POST blobs/uploads"] = [(202, {}, b"")]

    with pytest.raises(UnclearError, match="its answer 202 says no Location"):
        registry.images("cams-dev").put_blob(b"blob")


def test_an_image_has_the_labels_of_its_configuration(registry: PlainRegistry) -> None:
    """An index of images has none, nor has what is not there."""
    images = registry.images("cams-dev")
    image = pushed(images, b"layer")

    assert images.labels(image.digest) == {"a": "b"}
    assert images.labels(index_of(images, image).digest) == {}
    assert images.labels(digest_of(b"nothing")) == {}
