"""What the grants, events and metrics of a stage are made of."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import aws_cdk as cdk

from .._arguments import violation
from .._validation import report
from ..rules._unknown import is_unknown
from ._references import stage_id_of
from ._resource import IvsResource

if TYPE_CHECKING:
    from aws_cdk import aws_ivs as ivs


class StageBase(IvsResource):
    """A stage by its ARN."""

    _resource: ivs.CfnStage

    @functools.cached_property
    def stage_arn(self) -> str:
        """ARN of the stage."""
        return self._resource.attr_arn

    @functools.cached_property
    def stage_id(self) -> str:
        """Id of the stage, the last part of its ARN: `topic` of a token, and dimension of its metrics."""
        if is_unknown(self.stage_arn) and not cdk.Token.is_unresolved(self.stage_arn):
            text = "must not be a dynamic reference where the id of the stage is used"
            fix = "CloudFormation cannot split it; write ssm.StringParameter.value_for_string_parameter(...)"
            report(self, [violation("arn", "stage_arn", self.stage_arn, text, fix)])
        return stage_id_of(self.stage_arn)
