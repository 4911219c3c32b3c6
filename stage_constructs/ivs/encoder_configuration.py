"""How a composition encodes its video."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import EncoderConfigurationReference, IEncoderConfigurationRef

from ._resource import ImportedResource, IvsResource, with_default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct


@jsii.implements(IEncoderConfigurationRef)
class EncoderConfiguration(IvsResource):
    """Define how server-side compositions encode the video that they record or broadcast.

    Creates one `AWS::IVS::EncoderConfiguration`. A change of any property other than `tags` replaces it.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-encoderconfiguration.html
    """

    _resource: ivs.CfnEncoderConfiguration
    encoder_configuration_name: str | None
    """Name of the encoder configuration; None where it has none or it is not known."""

    @classmethod
    def from_encoder_configuration_arn(
        cls, scope: Construct, id: str, encoder_configuration_arn: str
    ) -> EncoderConfiguration:
        """Import an encoder configuration by its ARN.

        Raises:
            StageConfigurationError: The ARN is not that of an encoder configuration.
        """
        attributes = {"encoder_configuration_name": None}
        return _Imported(scope, id, "encoder-configuration", encoder_configuration_arn, attributes)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        width: int | None = 1280,
        height: int | None = 720,
        framerate: float | None = 30,
        bitrate: int | None = 2_500_000,
        encoder_configuration_name: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define an encoder configuration.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            width: Width in pixels, even, 2 to 1920. Default: 1280.
            height: Height in pixels, even, 2 to 1920, width times height at most 2,073,600. Default: 720.
            framerate: Frames per second, 1 to 60, fractions allowed. Default: 30.
            bitrate: Bits per second, 1 to 8,500,000. Default: 2,500,000.
            encoder_configuration_name: At most 128 letters, digits, hyphens and underscores. Default: none.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: One of the values is not valid.
        """
        video = {
            "Width": with_default(width, 1280),
            "Height": with_default(height, 720),
            "Framerate": with_default(framerate, 30),
            "Bitrate": with_default(bitrate, 2_500_000),
        }
        properties = {"Name": encoder_configuration_name, "Video": video}
        super().__init__(scope, id, ivs.CfnEncoderConfiguration, properties, tags)
        self.encoder_configuration_name = encoder_configuration_name

    @functools.cached_property
    def encoder_configuration_arn(self) -> str:
        """ARN of the encoder configuration."""
        return self._resource.attr_arn

    @property
    def encoder_configuration_ref(self) -> EncoderConfigurationReference:
        """Reference to the encoder configuration, for whatever takes an `IEncoderConfigurationRef`."""
        return EncoderConfigurationReference(encoder_configuration_arn=self.encoder_configuration_arn)


class _Imported(ImportedResource, EncoderConfiguration):
    """An encoder configuration that is declared elsewhere."""
