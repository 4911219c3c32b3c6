"""The resource types of Amazon IVS real-time, and what all of them have."""

from __future__ import annotations

from typing import Final

ENCODER: Final = "AWS::IVS::EncoderConfiguration"
INGEST: Final = "AWS::IVS::IngestConfiguration"
PUBLIC_KEY: Final = "AWS::IVS::PublicKey"
STAGE: Final = "AWS::IVS::Stage"
STORAGE: Final = "AWS::IVS::StorageConfiguration"
ALL: Final = (ENCODER, INGEST, PUBLIC_KEY, STAGE, STORAGE)

DOCS: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-"
QUOTAS_PAGE: Final = "https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/service-quotas.html"
