"""Public keys: what they must be, that no private key goes anywhere, and how many there may be."""

from __future__ import annotations

import base64
import json
import traceback
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ivs

from stage_constructs import StageConfigurationError, ivs

from .keys import OFF_CURVE, OTHERS, P384, P384_COMPRESSED, SECRET, pem
from .template_helpers import STAGE_ARN, properties, reported, template

PUBLIC_KEY = "AWS::IVS::PublicKey"
ARN = "arn:aws:ivs:eu-west-1:123456789012:public-key/AbCdEf123456"


def test_defaults(stack: cdk.Stack) -> None:
    """A public key with nothing but its material has no name and no tags."""
    ivs.PublicKey(stack, "Key", public_key_material=P384)
    assert properties(stack, PUBLIC_KEY) == {"PublicKeyMaterial": P384}


def test_snapshot_minimal(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a public key with nothing but its material does not change unnoticed."""
    ivs.PublicKey(stack, "Key", public_key_material=P384)
    assert template(stack) == snapshot


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a public key with everything given does not change unnoticed."""
    ivs.PublicKey(stack, "Key", public_key_material=P384, public_key_name="signer", tags={"team": "chat"})
    assert template(stack) == snapshot


@pytest.mark.parametrize("material", [P384, P384.strip(), P384.replace("\n", "\r\n"), P384_COMPRESSED])
def test_public_keys(stack: cdk.Stack, material: str) -> None:
    """Keys on the curve P-384 are accepted as openssl writes them, with any end of line."""
    ivs.PublicKey(stack, "Key", public_key_material=material)
    assert properties(stack, PUBLIC_KEY)["PublicKeyMaterial"] == material


@pytest.mark.parametrize("kind", OTHERS)
def test_other_kinds_of_keys_are_refused(stack: cdk.Stack, kind: str) -> None:
    """A key of another kind is refused, and the kind is named."""
    with pytest.raises(StageConfigurationError, match=f"on the curve P-384.*this is a key of {kind}.*openssl ecparam"):
        ivs.PublicKey(stack, "Key", public_key_material=OTHERS[kind])


@pytest.mark.parametrize(
    ("material", "message"),
    [
        ("", "must be a PEM text"),
        ("MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE", "must be a PEM text"),
        (pem("MHYwEAYH", "CERTIFICATE"), "must be a PEM text"),
        (f"# my key\n{P384}", "must be a PEM text"),
        (P384.replace("\n", "\n    "), "must be a PEM text"),
        (pem("abc"), "this is no base64"),
        (pem("AAAA"), "this is none that is known here"),
        (pem("AA=="), "this is none that is known here"),
        (pem(P384.split("\n")[1]), "this is a P-384 key that was cut"),
        (P384.replace("Jlhp", "JlhpAAAA"), "this is a P-384 key that was cut"),
        *((key, "this is a P-384 key whose point is not on the curve") for key in OFF_CURVE),
        (5, "must be a PEM text"),
        (None, "is it an environment variable or a context key"),
    ],
)
def test_what_is_no_public_key_is_refused(stack: cdk.Stack, material: Any, message: str) -> None:
    """What is no PEM text of a whole public key is refused."""
    with pytest.raises(StageConfigurationError, match=message):
        ivs.PublicKey(stack, "Key", public_key_material=material)


PRIVATE = {
    "sec1": pem(SECRET, "EC PRIVATE KEY"),
    "pkcs8": pem(SECRET, "PRIVATE KEY"),
    "encrypted": pem(SECRET, "ENCRYPTED PRIVATE KEY"),
    "openssh": pem(SECRET, "OPENSSH PRIVATE KEY"),
    "lower-case": pem(SECRET, "ec private key"),
    "both-halves": P384 + pem(SECRET, "EC PRIVATE KEY"),
    "relabelled": pem(SECRET),
    "bare": SECRET,
    "bytes": pem(SECRET, "EC PRIVATE KEY").encode(),
    "list": [pem(SECRET, "EC PRIVATE KEY")],
}


def assert_silent(raised: pytest.ExceptionInfo[StageConfigurationError], stack: cdk.Stack) -> None:
    """Nothing that a log or a template would hold names the secret."""
    error = raised.value
    said = "".join(traceback.format_exception(error))
    for text in (str(error), repr(error), repr(error.value), repr(error.args), repr(vars(error)), said):
        assert SECRET not in text
        assert SECRET[:16] not in text
    assert stack.node.try_find_child("Key") is None
    ivs.Stage(stack, "Stage")
    assert SECRET not in json.dumps(template(stack))


@pytest.mark.parametrize("kind", PRIVATE)
def test_private_keys_go_nowhere(stack: cdk.Stack, kind: str) -> None:
    """A private key, however it is dressed, is refused, and no message, attribute or template holds it."""
    material: Any = PRIVATE[kind]
    with pytest.raises(StageConfigurationError) as raised:
        ivs.PublicKey(stack, "Key", public_key_material=material)
    assert_silent(raised, stack)


@pytest.mark.parametrize("kind", ["sec1", "pkcs8", "encrypted", "openssh", "lower-case", "both-halves"])
def test_the_refusal_of_a_private_key_says_so(stack: cdk.Stack, kind: str) -> None:
    """Who gives a private key is told how to get at the public one."""
    material: Any = PRIVATE[kind]
    with pytest.raises(StageConfigurationError, match=r"holds a private one.*openssl ec -in private.pem -pubout"):
        ivs.PublicKey(stack, "Key", public_key_material=material)


@pytest.mark.parametrize("kind", [kind for kind, text in PRIVATE.items() if isinstance(text, str)])
def test_files_of_private_keys_go_nowhere(stack: cdk.Stack, tmp_path: Path, kind: str) -> None:
    """A file with a private key is refused by its path, and nothing of it is shown."""
    path = tmp_path / "private.pem"
    path.write_text(str(PRIVATE[kind]))
    with pytest.raises(StageConfigurationError) as raised:
        ivs.PublicKey.from_pem_file(stack, "Key", path)
    assert raised.value.value == str(path)
    assert_silent(raised, stack)


def test_binary_files_go_nowhere(stack: cdk.Stack, tmp_path: Path) -> None:
    """A binary file, which may be a private key as well, is refused without a decoding error that holds it."""
    path = tmp_path / "private.der"
    path.write_bytes(bytes(range(256)) + base64.b64decode(SECRET))
    with pytest.raises(StageConfigurationError, match="must be a PEM text") as raised:
        ivs.PublicKey.from_pem_file(stack, "Key", path)
    assert_silent(raised, stack)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("text", [P384, P384.strip(), f"\n{P384}\n\n", P384.replace("\n", "\r\n")])
def test_files(stack: cdk.Stack, tmp_path: Path, text: str) -> None:
    """A file is read as it was written, blank lines around the key left out."""
    path = tmp_path / "public.pem"
    path.write_bytes(text.encode())
    key = ivs.PublicKey.from_pem_file(stack, "Key", str(path), public_key_name="signer", tags={"team": "chat"})
    rendered = properties(stack, PUBLIC_KEY)
    assert rendered["PublicKeyMaterial"].replace("\r\n", "\n") == P384
    assert (rendered["Name"], rendered["Tags"]) == ("signer", [{"Key": "team", "Value": "chat"}])
    assert key.public_key_name == "signer"


@pytest.mark.parametrize("kind", ["sec1", "relabelled", "both-halves"])
def test_the_text_of_a_key_is_no_path(stack: cdk.Stack, kind: str) -> None:
    """A key where its path is meant is refused before the file system could complain about it."""
    with pytest.raises(StageConfigurationError, match="path must be the path of a file") as raised:
        ivs.PublicKey.from_pem_file(stack, "Key", str(PRIVATE[kind]))
    assert_silent(raised, stack)


def test_a_private_key_with_a_token_in_it_is_refused(stack: cdk.Stack) -> None:
    """A text that is completed at deploy only is still no place for a private key."""
    material = pem(cdk.CfnParameter(stack, "P").value_as_string, "EC PRIVATE KEY")
    with pytest.raises(StageConfigurationError, match="holds a private one"):
        ivs.PublicKey(stack, "Key", public_key_material=material)


def test_a_file_that_is_not_there(stack: cdk.Stack, tmp_path: Path) -> None:
    """A missing file is refused in the words of the file system."""
    with pytest.raises(StageConfigurationError, match="No such file"):
        ivs.PublicKey.from_pem_file(stack, "Key", tmp_path / "public.pem")


def test_a_token_passes(stack: cdk.Stack) -> None:
    """A key that is known at deploy only passes unchecked."""
    ivs.PublicKey(stack, "Key", public_key_material=cdk.CfnParameter(stack, "P").value_as_string)
    assert properties(stack, PUBLIC_KEY)["PublicKeyMaterial"] == {"Ref": "P"}


@pytest.mark.parametrize("name", ["x" * 129, "a b"])
def test_names_that_are_refused(stack: cdk.Stack, name: str) -> None:
    """A name has up to 128 letters, digits, hyphens and underscores."""
    with pytest.raises(StageConfigurationError, match="public_key_name must have at most 128"):
        ivs.PublicKey(stack, "Key", public_key_material=P384, public_key_name=name)


def test_a_region_without_the_service_is_refused(app: cdk.App) -> None:
    """A public key stands where stages stand."""
    stack = cdk.Stack(app, "Elsewhere", env=cdk.Environment(region="eu-west-2"))
    with pytest.raises(StageConfigurationError, match=r"env\.region"):
        ivs.PublicKey(stack, "Key", public_key_material=P384)


def test_attributes(stack: cdk.Stack) -> None:
    """ARN, fingerprint and reference are those of the resource."""
    key = ivs.PublicKey(stack, "Key", public_key_material=P384)
    assert stack.resolve(key.public_key_arn)["Fn::GetAtt"][1] == "Arn"
    assert stack.resolve(key.public_key_fingerprint)["Fn::GetAtt"][1] == "Fingerprint"
    assert stack.resolve(aws_ivs.CfnPublicKey.arn_for_public_key(key))["Fn::GetAtt"][1] == "Arn"


def test_import(stack: cdk.Stack) -> None:
    """An imported public key knows its ARN."""
    key = ivs.PublicKey.from_public_key_arn(stack, "Key", ARN)
    assert key.public_key_ref.public_key_arn == ARN
    assert (key.public_key_fingerprint, key.public_key_name, key.tags) == (None, None, {})


def test_import_by_another_arn(stack: cdk.Stack) -> None:
    """An ARN of anything else is refused."""
    with pytest.raises(StageConfigurationError, match="another kind of resource, stage"):
        ivs.PublicKey.from_public_key_arn(stack, "Key", STAGE_ARN)


def make_keys(stack: cdk.Stack, count: int) -> list[ivs.PublicKey]:
    """Some public keys in a stack."""
    return [ivs.PublicKey(stack, f"Key{number}", public_key_material=P384) for number in range(count)]


def test_three_keys(app: cdk.App, stack: cdk.Stack) -> None:
    """Three public keys are as many as a Region takes."""
    make_keys(stack, 3)
    app.synth()


def test_a_fourth_key_is_refused(app: cdk.App, stack: cdk.Stack) -> None:
    """A fourth public key in one environment is refused at synth, over stacks and generated ones included."""
    make_keys(stack, 2)
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    aws_ivs.CfnPublicKey(other, "Generated", public_key_material=P384)
    make_keys(other, 1)
    assert reported(app) == [("Other/Key0/Resource", "publicKeyQuota", "error")]


def test_keys_of_other_environments(app: cdk.App, stack: cdk.Stack) -> None:
    """Each environment has three public keys of its own."""
    make_keys(stack, 3)
    make_keys(cdk.Stack(app, "Region", env=cdk.Environment(account="123456789012", region="us-east-1")), 3)
    make_keys(cdk.Stack(app, "Account", env=cdk.Environment(account="210987654321", region="eu-west-1")), 3)
    app.synth()


def test_keys_of_unknown_environments(app: cdk.App) -> None:
    """Stacks that can be deployed anywhere need not meet; within one of them keys are counted."""
    make_keys(cdk.Stack(app, "One"), 3)
    make_keys(cdk.Stack(app, "Two"), 3)
    app.synth()


def test_a_fourth_key_of_an_unknown_environment_is_refused(app: cdk.App, agnostic: cdk.Stack) -> None:
    """Wherever a stack is deployed to, four public keys are too many."""
    make_keys(agnostic, 4)
    assert reported(app) == [("Agnostic/Key3/Resource", "publicKeyQuota", "error")]


def test_keys_with_conditions_do_not_count(app: cdk.App, stack: cdk.Stack) -> None:
    """Keys that may not be made at deploy are not counted."""
    condition = cdk.CfnCondition(stack, "Never", expression=cdk.Fn.condition_equals("a", "b"))
    for key in make_keys(stack, 4):
        resource: Any = key.node.default_child
        resource.cfn_options.condition = condition
    app.synth()


def test_keys_that_are_taken_out_again_do_not_count(app: cdk.App, stack: cdk.Stack) -> None:
    """Only keys that are in the tree at the end count."""
    make_keys(stack, 4)
    stack.node.try_remove_child("Key0")
    app.synth()


@pytest.mark.parametrize(
    ("path", "message"), [(None, "environment variable"), (3, "got an int"), (b"x", "got a bytes")]
)
def test_paths_of_another_type(stack: cdk.Stack, path: Any, message: str) -> None:
    """What is no path is refused, and its content is not shown."""
    with pytest.raises(StageConfigurationError, match=f"path must be the path of a file.*{message}"):
        ivs.PublicKey.from_pem_file(stack, "Key", path)


def test_bytes_of_a_private_key_are_not_shown(stack: cdk.Stack) -> None:
    """The content of a file in place of its path may be a secret."""
    path: Any = b"-----BEGIN PRIVATE KEY-----\nhidden"
    with pytest.raises(StageConfigurationError) as raised:
        ivs.PublicKey.from_pem_file(stack, "Key", path)
    assert "hidden" not in str(raised.value)
    assert "hidden" not in str(raised.value.value)
