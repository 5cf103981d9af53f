"""SSM: a parameter and its history."""

from __future__ import annotations

from tests.support.aws_daemon import Aws, refused

TAGS = [{"Key": "environment", "Value": "staging"}]


def test_an_ssm_parameter_and_its_history(aws: Aws) -> None:
    """A parameter has versions and tags, plain or encrypted."""
    ssm = aws.client("ssm")

    ssm.put_parameter(Name="/cams/history/release", Value="one", Type="String", Description="the release", Tags=TAGS)
    refused("ParameterAlreadyExists", ssm.put_parameter, Name="/cams/history/release", Value="x", Type="String")
    ssm.put_parameter(Name="/cams/history/release", Value="two", Type="String", Overwrite=True)
    ssm.put_parameter(Name="/cams/history/secret", Value="hidden", Type="SecureString")

    found = ssm.get_parameter(Name="/cams/history/release")["Parameter"]
    assert (found["Value"], found["Version"], found["Type"], found["DataType"]) == ("two", 2, "String", "text")
    assert found["ARN"] == "arn:aws:ssm:eu-central-1:123456789012:parameter/cams/history/release"
    assert [each["Value"] for each in ssm.get_parameter_history(Name=found["Name"])["Parameters"]] == ["one", "two"]
    assert ssm.get_parameter(Name="/cams/history/secret", WithDecryption=True)["Parameter"]["Value"] == "hidden"
    assert ssm.get_parameter(Name="/cams/history/secret")["Parameter"]["Value"] != "hidden"
    names = [each["Name"] for each in ssm.get_parameters_by_path(Path="/cams/history")["Parameters"]]
    assert names == ["/cams/history/release", "/cams/history/secret"]
    [described] = ssm.describe_parameters(
        ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": ["/cams/history/release"]}]
    )["Parameters"]
    assert (described["Tier"], described["Version"]) == ("Standard", 2)
    listed = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=found["Name"])["TagList"]
    assert listed == TAGS

    ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId=found["Name"], TagKeys=["environment"])
    ssm.delete_parameter(Name="/cams/history/release")

    refused("ParameterNotFound", ssm.get_parameter, Name="/cams/history/release")


def test_a_parameter_that_is_not_there_is_missing_however_often_one_asks(aws: Aws) -> None:
    """Asking leaves nothing behind over which the next call stumbles."""
    ssm, name = aws.client("ssm"), "/cams/staging/never"
    refused("ParameterNotFound", ssm.get_parameter_history, Name=name)

    for _ in range(2):
        refused("ParameterNotFound", ssm.get_parameter, Name=name)


def test_a_label_for_a_parameter_that_is_missing_makes_none(aws: Aws) -> None:
    """It stays as missing as it was, for whoever asks next."""
    ssm, name = aws.client("ssm"), "/cams/labelled/one"

    refused("ParameterNotFound", ssm.label_parameter_version, Name=name, Labels=["live"])
    refused("ParameterNotFound", ssm.unlabel_parameter_version, Name=name, ParameterVersion=1, Labels=["live"])
    assert ssm.get_parameters_by_path(Path="/cams/labelled", Recursive=True)["Parameters"] == []
    refused("ParameterNotFound", ssm.get_parameter, Name=name)
    refused("ParameterNotFound", ssm.get_parameter_history, Name=name)
    refused("ParameterNotFound", ssm.delete_parameter, Name=name)


def test_a_value_that_names_another_parameter_is_refused(aws: Aws) -> None:
    """Two braces on either side, whatever is between them; JSON that ends in two is none."""
    ssm, name = aws.client("ssm"), "/cams/braces/one"

    for value in ("{{}}", "{{ssm:/cams/other}}", 'said: {{ exam.title }}\n"'):
        refused("ValidationException", ssm.put_parameter, Name=name, Value=value, Type="String")

    assert ssm.put_parameter(Name=name, Value='{"a": {"b": {}}}', Type="String")["Version"] == 1
