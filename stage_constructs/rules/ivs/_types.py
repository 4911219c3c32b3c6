"""The resource types of Amazon IVS real-time, and what all of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .._engine import Context

ENCODER: Final = "AWS::IVS::EncoderConfiguration"
INGEST: Final = "AWS::IVS::IngestConfiguration"
PUBLIC_KEY: Final = "AWS::IVS::PublicKey"
STAGE: Final = "AWS::IVS::Stage"
STORAGE: Final = "AWS::IVS::StorageConfiguration"
ALL: Final = (ENCODER, INGEST, PUBLIC_KEY, STAGE, STORAGE)

DOCS: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-"
QUOTAS_PAGE: Final = "https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/service-quotas.html"


def position(at: Context) -> int:
    """The number of a resource among those of its type in its account and Region; 0 where it may not be created."""
    template = at.resource.template
    assert template is not None  # noqa: S101  judged in templates
    return template.assembly.position(at.resource)
