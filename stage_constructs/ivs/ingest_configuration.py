"""Video sent into a stage by streaming software."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IIngestConfigurationRef, IngestConfigurationReference

from .. import _checks
from . import _rules, _tags
from ._place import place_of
from ._references import arn_of
from .ingest_protocol import IngestProtocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk.interfaces.aws_ivs import IStageRef
    from constructs import Construct


@jsii.implements(IIngestConfigurationRef)
class IngestConfiguration(cdk.Resource):
    """Define an entry by which streaming software publishes into a stage over RTMP or RTMPS.

    Makes one `AWS::IVS::IngestConfiguration`. A change of `ingest_protocol`, `insecure_ingest`, `user_id` or
    `ingest_configuration_name` replaces it, and the new one has a new stream key: software that uses the old key can no
    longer publish. The stage and the tags update in place. It cannot be deleted while someone publishes by it.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-rtmp-publishing.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-ingestconfiguration.html
    """

    ingest_configuration_name: str | None
    """Name of the ingest configuration; None where it has none or it is not known."""
    tags: dict[str, str]
    """Tags as given."""

    @classmethod
    def from_ingest_configuration_arn(
        cls, scope: Construct, id: str, ingest_configuration_arn: str
    ) -> IngestConfiguration:
        """Import an ingest configuration by its ARN; its stream key and participant id are not known.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            ingest_configuration_arn: Its ARN.

        Raises:
            StageConfigurationError: The ARN is not that of an ingest configuration.
        """
        faults = list(_rules.arn("ingest_configuration_arn", ingest_configuration_arn, "ingest-configuration"))
        _checks.refuse(scope, id, faults)
        return _ImportedIngestConfiguration(scope, id, ingest_configuration_arn)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: IStageRef | None = None,
        ingest_protocol: IngestProtocol = IngestProtocol.RTMPS,
        insecure_ingest: bool = False,
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
                A change replaces the ingest configuration and its stream key.
            insecure_ingest: Whether video may come unencrypted; RTMP needs it. Default: False.
                A change replaces the ingest configuration and its stream key.
            user_id: Name of the participant for the application, at most 128 characters. Default: none.
                All participants of the stage can see it, so nothing personal.
                A change replaces the ingest configuration and its stream key.
            ingest_configuration_name: At most 128 letters, digits, hyphens and underscores. Default: none.
                It need not be unique. A change replaces the ingest configuration and its stream key.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: The service would refuse one of the values.
        """
        place = place_of(scope)
        stage_arn = arn_of(stage, "stage")
        faults = [
            *_rules.region(place.region),
            *_rules.ingest(ingest_protocol, insecure_ingest),
            *_rules.user_id(user_id),
            *_rules.name("ingest_configuration_name", ingest_configuration_name),
            *_rules.tags(tags),
            *place.faults_of_next("ingest configurations"),
        ]
        if stage is not None:
            faults += _rules.reference("stage", stage, stage_arn, "stage")
        _checks.refuse(scope, id, faults)
        super().__init__(scope, id)
        place.made["ingest configurations"] += 1

        self.ingest_configuration_name = ingest_configuration_name
        self.tags = dict(tags or {})
        self._resource = ivs.CfnIngestConfiguration(
            self,
            "Resource",
            stage_arn=stage_arn,
            ingest_protocol=str.__str__(ingest_protocol),
            insecure_ingest=insecure_ingest,
            user_id=user_id,
            name=ingest_configuration_name,
            tags=_tags.render(tags),
        )
        _checks.warn(self, faults)

    @functools.cached_property
    def ingest_configuration_arn(self) -> str:
        """ARN of the ingest configuration."""
        return self._resource.attr_arn

    @functools.cached_property
    def stream_key(self) -> cdk.SecretValue | None:
        """Key by which streaming software is let in: whoever has it can publish into the stage.

        A secret: hand it to what stores secrets, `secretsmanager.Secret(secret_string_value=...)` for instance, and
        never to an output or an environment variable. None where the ingest configuration is imported.
        """
        return cdk.SecretValue.resource_attribute(self._resource.attr_stream_key)

    @functools.cached_property
    def participant_id(self) -> str | None:
        """Id of the participant that publishes by this entry; None where the ingest configuration is imported."""
        return self._resource.attr_participant_id

    @property
    def ingest_configuration_ref(self) -> IngestConfigurationReference:
        """Reference to the ingest configuration, for whatever takes an `IIngestConfigurationRef`."""
        return IngestConfigurationReference(ingest_configuration_arn=self.ingest_configuration_arn)


class _ImportedIngestConfiguration(IngestConfiguration):
    def __init__(self, scope: Construct, id: str, arn: str) -> None:
        cdk.Resource.__init__(self, scope, id, environment_from_arn=arn)
        self.ingest_configuration_arn = arn
        self.stream_key = None
        self.participant_id = None
        self.ingest_configuration_name = None
        self.tags = {}
