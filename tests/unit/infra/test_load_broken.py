"""A stack file that is no stack file is told in one piece."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from infra.errors import ConfigError
from infra.load import from_file, parse

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("content", ["- a list\n", "config: words\n", "config:\n  - a list\n", "words\n"])
def test_a_file_without_settings_is_refused(tmp_path: Path, content: str) -> None:
    """Whatever YAML it is instead, the mistake is that there is no `config`."""
    (tmp_path / "Pulumi.dev.yaml").write_text(content)

    with pytest.raises(ConfigError) as refused:
        from_file("dev", tmp_path)

    assert refused.value.mistakes == ("config: is required, with one setting a line",)


def test_a_part_that_was_set_as_a_whole_is_told_with_the_right_way() -> None:
    """`pulumi config set cams:web.instances 2` makes a setting of that name."""
    with pytest.raises(ConfigError) as refused:
        parse({**_without("staging"), "cams:web.instances": "2"}, "staging")

    assert refused.value.mistakes == (
        "web.instances: is not a setting; take it away, and set a part of `web` with: pulumi config set --path",
    )


def test_another_environment_is_the_one_mistake() -> None:
    """The rules of the environment that was meant count, not those of the one that was written."""
    config = {"cams:environment": "prod", **_without("staging", "cams:environment")}

    with pytest.raises(ConfigError) as refused:
        parse(config, "staging")

    assert refused.value.mistakes == ("environment: is `prod`, but the stack is `staging`",)


def test_a_misspelt_aws_region_is_refused_with_the_one_that_was_meant() -> None:
    """It would be a host name that nobody answers to, found out half-way through an `up`."""
    with pytest.raises(ConfigError) as refused:
        parse({**_without("dev"), "aws:region": "eu-centrall-1"}, "dev")

    assert refused.value.mistakes == (
        "aws/region: `eu-centrall-1` is not an AWS region; did you mean `eu-central-1`?",
    )


def _without(stack: str, *names: str) -> dict[str, object]:
    config: dict[str, object] = yaml.safe_load((CHECKOUT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {name: value for name, value in config.items() if name not in names}
