"""Video sent into a stage by streaming software."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IIngestConfigurationRef, IngestConfigurationReference

from ..rules.ivs.ingest import IngestProtocol
from ._references import arn_of, invalid_reference
from ._resource import ImportedResource, IvsResource, with_default

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk.interfaces.aws_ivs import IStageRef
    from constructs import Construct


@jsii.implements(IIngestConfigurationRef)
class IngestConfiguration(IvsResource):
    """Define an endpoint for streaming software to publish into a stage over RTMP or RTMPS.

    Creates one `AWS::IVS::IngestConfiguration`. A change of `ingest_protocol`, `insecure_ingest`, `user_id` or
    `ingest_configuration_name` replaces it, and the new one has a new stream key: software that uses the old key can no
    longer publish. The stage and the tags update in place. It cannot be deleted while someone publishes by it.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-rtmp-publishing.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-ingestconfiguration.html
    """

    _resource: ivs.CfnIngestConfiguration
    ingest_configuration_name: str | None
    """Name of the ingest configuration; None where it has none or it is not known."""

    @classmethod
    def from_ingest_configuration_arn(
        cls, scope: Construct, id: str, ingest_configuration_arn: str
    ) -> IngestConfiguration:
        """Import an ingest configuration by its ARN; its stream key and participant id are not known.

        Raises:
            StageConfigurationError: The ARN is not that of an ingest configuration.
        """
        attributes = {"ingest_configuration_name": None, "participant_id": None, "stream_key": None}
        return _Imported(scope, id, "ingest-configuration", ingest_configuration_arn, attributes)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: IStageRef | None = None,
        ingest_protocol: IngestProtocol | str | None = IngestProtocol.RTMPS,
        insecure_ingest: bool | None = False,
        user_id: str | None = None,
        ingest_configuration_name: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define an ingest configuration.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: The stage to publish into. Default: none; the UpdateIngestConfiguration API can give it one.
            ingest_protocol: RTMPS, or RTMP, which is not encrypted; the software must use it. Default: `RTMPS`.
            insecure_ingest: Whether video may come unencrypted; RTMP needs it. Default: False.
            user_id: Name of the participant for the application, at most 128 characters. Default: none.
                All participants of the stage can see it, so nothing personal.
            ingest_configuration_name: At most 128 letters, digits, hyphens and underscores. Default: none.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: One of the values is not valid.
        """
        stage_arn = arn_of(stage, "stage")
        properties: dict[str, object] = {
            "StageArn": stage_arn,
            "IngestProtocol": with_default(ingest_protocol, IngestProtocol.RTMPS),
            "InsecureIngest": with_default(insecure_ingest, default=False),
            "UserId": user_id,
            "Name": ingest_configuration_name,
        }
        arguments = () if stage is None or stage_arn else invalid_reference("stage", stage, stage_arn, "stage")
        given = {"IngestProtocol": ingest_protocol}
        super().__init__(scope, id, ivs.CfnIngestConfiguration, properties, tags, arguments=arguments, given=given)
        self.ingest_configuration_name = ingest_configuration_name

    @functools.cached_property
    def ingest_configuration_arn(self) -> str:
        """ARN of the ingest configuration."""
        return self._resource.attr_arn

    @functools.cached_property
    def stream_key(self) -> cdk.SecretValue | None:
        """Stream key: whoever has it can publish into the stage.

        A secret: hand it to what stores secrets, `secretsmanager.Secret(secret_string_value=...)` for instance, and
        never to an output or an environment variable. None where the ingest configuration is imported.
        """
        return cdk.SecretValue.resource_attribute(self._resource.attr_stream_key)

    @functools.cached_property
    def participant_id(self) -> str | None:
        """Id of the participant that publishes with it; None where the ingest configuration is imported."""
        return self._resource.attr_participant_id

    @property
    def ingest_configuration_ref(self) -> IngestConfigurationReference:
        """Reference to the ingest configuration, for whatever takes an `IIngestConfigurationRef`."""
        return IngestConfigurationReference(ingest_configuration_arn=self.ingest_configuration_arn)


class _Imported(ImportedResource, IngestConfiguration):
    """An ingest configuration that is declared elsewhere."""
