"""An image is what the registry has under its tag: the four cases, a race, and what may be seen of a login."""

from __future__ import annotations

import pytest

from pulumi_plugin.plugin import Call
from pulumi_plugin.values import UNKNOWN
from registry_provider.provider.docker import command
from registry_provider.provider.errors import RegistryError
from tests.support.fake_images import CANARY, INPUTS, OURS, THEIRS, URL, URN, Image


def test_a_tag_that_is_there_is_the_image_whoever_pushed_it() -> None:
    """Nothing is built, and its digest is taken, whatever ours would have been: it says what it was built of."""
    image = Image(src_0123456789ab=THEIRS)

    key = image.create()

    assert key == f"{URL}:src-0123456789ab"
    assert image.state == {**INPUTS, "digest": THEIRS}
    assert (image.docker.built, image.ecr.asked) == ([], ["src-0123456789ab", f"content of {THEIRS}"])


@pytest.mark.parametrize(
    ("said", "told"),
    [("src-fffffffffff0", "was built of src-fffffffffff0"), ("", "does not say what it was built of")],
)
@pytest.mark.parametrize("preview", [True, False])
def test_another_image_under_the_tag_is_refused(said: str, told: str, *, preview: bool) -> None:
    """An older one that was pushed again under the name of what this checkout holds is not what was asked for."""
    image = Image(src_0123456789ab=THEIRS)
    image.ecr.contents[THEIRS] = said

    with pytest.raises(RegistryError) as refusal:
        image.plugin.create(image.call(preview=preview))

    assert str(refusal.value).startswith(
        f"refused: {URL}:src-0123456789ab is another image than its tag says: {THEIRS} {told}\n\nhint: "
    )
    assert "aws ecr batch-delete-image --repository-name cams-staging --image-ids imageTag=src-0123456789ab" in str(
        refusal.value
    )
    assert image.docker.built == []


def test_a_full_disk_is_told_without_a_traceback() -> None:
    """What the operating system refuses is no bug of ours."""
    told = Image().plugin.explain(OSError(28, "No space left on device", "config.json"))

    assert told.startswith("cannot build and push the image: this machine refused it: [Errno 28] No space left on")


@pytest.mark.parametrize("preview", [True, False])
def test_a_repository_that_was_deleted_is_told_and_nothing_is_built(preview: bool) -> None:
    """Docker would be refused, with advice to mend Docker; a refresh makes the repository anew."""
    image = Image()
    image.ecr.exists = False

    with pytest.raises(RegistryError) as told:
        image.plugin.update(image.call(preview=preview))

    assert str(told.value).startswith(
        f"cannot push {URL}:src-0123456789ab: its repository is gone from ECR (NAME_UNKNOWN)\n\nhint: "
    )
    assert "pulumi up --refresh" in str(told.value)
    assert image.docker.built == []


def test_a_tag_that_is_nowhere_is_built_and_pushed() -> None:
    """By exactly this command, and its digest is read back."""
    image = Image()

    image.create()

    assert image.state == {**INPUTS, "digest": OURS}
    assert image.ecr.asked == ["src-0123456789ab", "login", "src-0123456789ab"]
    flags = (
        "--push --platform linux/amd64 --provenance=false --progress=plain --file ../app/Dockerfile "
        "--label dev.slipway.content=src-0123456789ab"
    )
    assert [" ".join(command(build)) for build in image.docker.built] == [
        f"docker buildx build {flags} --tag {URL}:src-0123456789ab ../app"
    ]


def test_a_tag_in_the_state_and_in_the_registry_is_nothing_to_do() -> None:
    """One question, also when the checkout lies elsewhere or is built for another machine."""
    image = Image(src_0123456789ab=OURS)
    image.create()
    image.ecr.asked.clear()

    found = image.plugin.diff(
        image.call(context="elsewhere", dockerfile="elsewhere/Dockerfile", platform="linux/arm64")
    )

    assert dict(found.kinds) == {}
    assert image.ecr.asked == ["src-0123456789ab"]


def test_a_tag_that_is_gone_is_seen_without_refresh_and_pushed_again() -> None:
    """An update of the digest, not known in the preview; nothing is replaced."""
    image = Image()
    image.create()
    image.ecr.images.clear()

    found = image.plugin.diff(image.call())
    previewed = image.plugin.update(image.call(preview=True))
    updated = image.plugin.update(image.call())

    assert (dict(found.kinds), set(found.outputs), found.replaces) == ({"digest": "UPDATE"}, {"digest"}, [])
    assert previewed["digest"] is UNKNOWN
    assert updated["digest"] == OURS
    assert len(image.docker.built) == 2


def test_a_tag_that_came_back_with_another_digest_is_taken_as_it_is() -> None:
    """Deleted, and pushed again by somebody else."""
    image = Image()
    image.create()
    image.ecr.images["src-0123456789ab"] = THEIRS

    found = image.plugin.diff(image.call())
    updated = image.plugin.update(image.call())

    assert (dict(found.kinds), updated["digest"]) == ({"digest": "UPDATE"}, THEIRS)
    assert len(image.docker.built) == 1


def test_another_tag_is_another_image() -> None:
    """One that the registry has already is known in the preview."""
    image = Image(src_0123456789ab=OURS, src_fffffffffff0=THEIRS)
    image.create()

    found = image.plugin.diff(image.call(tag="src-fffffffffff0"))
    previewed = image.plugin.update(image.call(preview=True, tag="src-fffffffffff0"))

    assert (dict(found.kinds), previewed["digest"]) == ({"tag": "UPDATE"}, THEIRS)


def test_whoever_pushes_the_tag_first_has_the_image() -> None:
    """Between our question and our push somebody else's arrives, and the registry refuses ours."""
    image = Image()

    def overtaken(tag: str) -> None:
        image.ecr.images[tag] = THEIRS
        raise RegistryError("cannot build and push", "TAG_INVALID")

    image.docker.then = overtaken

    image.create()

    assert image.state["digest"] == THEIRS
    assert image.said == [f"{URL}:src-0123456789ab was pushed by somebody else meanwhile: taking {THEIRS}"]


def test_a_build_that_fails_and_one_that_pushes_nothing_are_errors() -> None:
    """Nothing is kept of either; the same command repeated does it."""
    image = Image()

    def fails(tag: str) -> None:
        raise RegistryError("cannot build and push", "docker ended with 1")

    image.docker.then = fails
    with pytest.raises(RegistryError, match=r"^cannot build and push: docker ended with 1$"):
        image.create()
    image.docker.then = lambda tag: None
    with pytest.raises(
        RegistryError, match=r"^cannot push .*: Docker said that it did, and the registry has no such"
    ):
        image.create()


def test_a_preview_before_there_is_a_repository_asks_nobody() -> None:
    """The digest is unknown, and it is no error."""
    image = Image()
    call = image.call(preview=True, repository=UNKNOWN, registryId=UNKNOWN)

    inputs, failures = image.plugin.check(call)
    key, state = image.plugin.create(call)

    assert (failures, key, state["digest"], image.ecr.asked) == ([], "", UNKNOWN, [])
    assert inputs["tag"] == "src-0123456789ab"


def test_the_state_of_the_plugin_before_becomes_ours_without_a_push() -> None:
    """What pulumi-docker kept, its token included, is replaced by an update that finds the tag."""
    image = Image(src_0123456789ab=OURS)
    image.inputs = {"imageName": f"{URL}:src-0123456789ab", "registry": {"password": CANARY}}
    image.state = {**image.inputs, "repoDigest": f"{URL}@{OURS}"}

    found = image.plugin.diff(image.call())
    updated = image.plugin.update(image.call())

    assert dict(found.kinds) == dict.fromkeys(("region", "registryId", "repository", "tag"), "ADD")
    assert updated == {**INPUTS, "digest": OURS}
    assert image.docker.built == []


def test_inputs_are_closed_and_needed() -> None:
    """All mistakes at once, none with a value: it might be a secret."""
    image = Image()

    _, failures = image.plugin.check(image.call(tag="", context=None, password=CANARY))

    assert failures == [
        ("password", "is no property of an image"),
        ("context", "is required, and a text"),
        ("tag", "is required, and a text"),
    ]


def test_an_image_is_imported_by_its_name_and_refreshed_away_when_it_is_gone() -> None:
    """The id says host, repository and tag; account and region are the repository's."""
    image = Image(src_0123456789ab=OURS)
    call = Call(URN, f"{URL}:src-0123456789ab")

    found = image.plugin.read(call)
    image.ecr.images.clear()

    assert found is not None
    assert found[1]["digest"] == OURS
    assert {name: found[2][name] for name in ("repository", "registryId", "region", "tag")} == {
        name: INPUTS[name] for name in ("repository", "registryId", "region", "tag")
    }
    assert image.plugin.read(call) is None
    with pytest.raises(RegistryError, match=r"^cannot import cams: an image's id is HOST/REPOSITORY:TAG$"):
        image.plugin.read(Call(URN, "cams"))


def test_a_recorded_digest_is_found_or_not_and_the_repository_is_named() -> None:
    """What the program asks before it declares anything."""
    image = Image(src_0123456789ab=OURS)
    asked = {"repository": "cams-staging", "registryId": "111122223333", "region": "eu-central-1"}

    there = image.plugin.invoke("registry:index:getImage", {**asked, "digest": OURS})
    gone = image.plugin.invoke("registry:index:getImage", {**asked, "digest": THEIRS})
    image.ecr.exists = False
    nowhere = image.plugin.invoke("registry:index:getImage", {**asked, "digest": THEIRS})

    assert there == ({"found": True}, [])
    assert gone == ({"found": False, "url": URL}, [])
    assert nowhere == ({"found": False}, [])
