"""The public half of a key pair that signs participant tokens."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

import aws_cdk as cdk
import constructs
import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IPublicKeyRef, PublicKeyReference

from .. import _checks
from . import _rules, _tags
from ._place import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct


@jsii.implements(IPublicKeyRef)
class PublicKey(cdk.Resource):
    """Define a public key by which stages verify participant tokens that a backend signs itself.

    Makes one `AWS::IVS::PublicKey`. A change of the key or of its name replaces it: tokens signed by the old key are
    then refused, and during the update a slot must be free for the new one, since an account has three public keys
    in a Region and no more. To change keys without refusing anyone add a second `PublicKey`, sign with it, and remove
    the first when its tokens have expired.

    Keep the private half in a secret of its own; it has no place in an app. Tokens name the key by `public_key_arn`,
    as their `kid`.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/getting-started-distribute-tokens.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-publickey.html
    """

    public_key_name: str | None
    """Name of the public key; None where it has none or it is not known."""
    tags: dict[str, str]
    """Tags as given."""

    @classmethod
    def from_public_key_arn(cls, scope: Construct, id: str, public_key_arn: str) -> PublicKey:
        """Import a public key by its ARN.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            public_key_arn: Its ARN.

        Raises:
            StageConfigurationError: The ARN is not that of a public key.
        """
        _checks.refuse(scope, id, list(_rules.arn("public_key_arn", public_key_arn, "public-key")))
        return _ImportedPublicKey(scope, id, public_key_arn)

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
        given = os.fspath(path) if isinstance(path, os.PathLike) else path
        _checks.refuse(scope, id, list(_rules.public_key_path(given)))
        try:
            content = Path(path).read_bytes()
        except (OSError, ValueError) as failure:
            raise _checks.refusal(scope, id, _rules.unreadable_file(given, failure)) from None
        # Whatever the file holds may be a secret, so no decoding error may carry it away.
        material = content.decode("ascii", errors="replace").strip() + "\n"
        faults = list(_rules.public_key_material("path", material, shown=given))
        _checks.refuse(scope, id, faults)
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
            StageConfigurationError: The service would refuse one of the values. Of a private key nothing is shown or
                kept. More than three public keys in one environment are refused at synth.
        """
        place = place_of(scope)
        faults = [
            *_rules.region(place.region),
            *_rules.public_key_material("public_key_material", public_key_material),
            *_rules.name("public_key_name", public_key_name),
            *_rules.tags(tags),
        ]
        _checks.refuse(scope, id, faults)
        super().__init__(scope, id)

        self.public_key_name = public_key_name
        self.tags = dict(tags or {})
        self._resource = ivs.CfnPublicKey(
            self,
            "Resource",
            public_key_material=public_key_material,
            name=public_key_name,
            tags=_tags.render(tags),
        )
        self.node.add_validation(_Quota(self._resource))

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


class _ImportedPublicKey(PublicKey):
    def __init__(self, scope: Construct, id: str, arn: str) -> None:
        cdk.Resource.__init__(self, scope, id, environment_from_arn=arn)
        self.public_key_arn = arn
        self.public_key_fingerprint = None
        self.public_key_name = None
        self.tags = {}


@jsii.implements(constructs.IValidation)
class _Quota:
    """Refuses the keys after the third that are sure to be made in one environment."""

    def __init__(self, key: ivs.CfnPublicKey) -> None:
        self._key = key

    def validate(self) -> list[str]:
        """The fault of the key, if it is one too many; called by JavaScript at synth."""
        place = place_of(self._key)
        known = place.region is not None and place.account is not None
        keys = [
            each
            for each in (self._key.node.root if known else place.stack).node.find_all()
            if isinstance(each, ivs.CfnPublicKey)
            and each.cfn_options.condition is None
            and place_of(each).environment == place.environment
        ]
        return [str(fault) for fault in _rules.public_key_quota(keys.index(self._key) + 1)] if self._key in keys else []
