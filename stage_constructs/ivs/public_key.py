"""The public half of a key pair that signs participant tokens."""

from __future__ import annotations

import functools
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IPublicKeyRef, PublicKeyReference

from .._arguments import NOT_SET, violation
from .._suggestions import Redacted, describe_type
from .._validation import configuration_error, raise_if_invalid, violations_of
from ..rules._resources import Resource
from ..rules.ivs._types import PUBLIC_KEY
from ._resource import ImportedResource, IvsResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

    from ..errors import Violation


@jsii.implements(IPublicKeyRef)
class PublicKey(IvsResource):
    """Define a public key with which stages verify participant tokens that a backend signs itself.

    Creates one `AWS::IVS::PublicKey`. A change of `public_key_material` or `public_key_name` replaces it: tokens signed
    by the old key are then refused, and during the update a slot must be free for the new one, since an account has
    three public keys in a Region and no more. To change keys without refusing anyone add a second `PublicKey`, sign
    with it, and remove the first when its tokens have expired.

    Keep the private half in a secret of its own; it has no place in an app. Tokens name the key by `public_key_arn`,
    as their `kid`.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/getting-started-distribute-tokens.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-publickey.html
    """

    _resource: ivs.CfnPublicKey
    public_key_name: str | None
    """Name of the public key; None where it has none or it is not known."""

    @classmethod
    def from_public_key_arn(cls, scope: Construct, id: str, public_key_arn: str) -> PublicKey:
        """Import a public key by its ARN.

        Raises:
            StageConfigurationError: The ARN is not that of a public key.
        """
        attributes = {"public_key_fingerprint": None, "public_key_name": None}
        return _Imported(scope, id, "public-key", public_key_arn, attributes)

    @classmethod
    def from_pem_file(
        cls,
        scope: Construct,
        id: str,
        path: str | os.PathLike[str],
        *,
        public_key_name: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> PublicKey:
        """Define a public key from a PEM file, as `openssl ec -pubout` writes it.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            path: Path of the file; a relative one starts at the folder that the app runs in.
            public_key_name: At most 128 letters, digits, hyphens and underscores. Default: none.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: The file cannot be read, or holds no public key on the curve P-384. Of a private
                key nothing is shown or kept.
        """
        raise_if_invalid(scope, id, list(_invalid_path(path)))
        given = os.fspath(path)
        try:
            content = Path(path).read_bytes()
        except (OSError, ValueError) as failure:
            reason = getattr(failure, "strerror", None) or str(failure)
            unreadable = violation("publicKey", "path", given, "must be the path of a readable file", reason)
            raise configuration_error(scope, id, unreadable) from None
        # The file may hold a secret, which no decoding error may show.
        material = content.decode("ascii", errors="replace").strip() + "\n"
        in_file = [
            replace(each, prop="path", value=given, message=each.message.replace("public_key_material", "path", 1))
            for each in violations_of(Resource(PUBLIC_KEY, {"PublicKeyMaterial": material}))
        ]
        raise_if_invalid(scope, id, in_file)
        return cls(scope, id, public_key_material=material, public_key_name=public_key_name, tags=tags)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        public_key_material: str,
        public_key_name: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define a public key.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            public_key_material: PEM text of an EC public key on the curve P-384 (secp384r1), from
                `-----BEGIN PUBLIC KEY-----` on.
            public_key_name: At most 128 letters, digits, hyphens and underscores; need not be unique. Default: none.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: One of the values is not valid. Of a private key nothing is shown or
                kept. More than three public keys in one environment are refused at synth.
        """
        properties: dict[str, object] = {"PublicKeyMaterial": public_key_material, "Name": public_key_name}
        super().__init__(scope, id, ivs.CfnPublicKey, properties, tags)
        self.public_key_name = public_key_name

    @functools.cached_property
    def public_key_arn(self) -> str:
        """ARN of the public key, which tokens signed by its other half carry as `kid`."""
        return self._resource.attr_arn

    @functools.cached_property
    def public_key_fingerprint(self) -> str | None:
        """Fingerprint of the public key; None where it is imported."""
        return self._resource.attr_fingerprint

    @property
    def public_key_ref(self) -> PublicKeyReference:
        """Reference to the public key, for whatever takes an `IPublicKeyRef`."""
        return PublicKeyReference(public_key_arn=self.public_key_arn)


class _Imported(ImportedResource, PublicKey):
    """A public key that is declared elsewhere."""


def _invalid_path(path: object) -> Iterator[Violation]:
    """What is no path. It is not shown: it may be the text of a key."""
    is_path = isinstance(path, (str, os.PathLike))
    text = str(path)
    if not is_path or "-----" in text or "\n" in text:
        kind = f"a text of {len(text)} characters" if is_path else describe_type(path)
        hidden = None if path is None else Redacted(kind)
        fix = NOT_SET if path is None else "a public key itself goes to PublicKey(..., public_key_material=...)"
        yield violation("publicKey", "path", hidden, "must be the path of a file", fix)
