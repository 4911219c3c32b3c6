"""What is live of a stage that another app has deployed, as the CDK CLI looks it up at synth.

`cdk synth -c room=<name> -c account=<account> -c region=<region>`
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from stage_constructs.ivs import Stage


class IvsLookupExample(cdk.Stack):
    """A role that may follow a stage, found by its name."""

    def __init__(self, scope: Construct, id: str, *, room: str, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)

        stage = Stage.from_lookup(self, "Room", stage_name=room)
        watcher = iam.Role(self, "Watcher", assumed_by=iam.AccountRootPrincipal())
        stage.grant_observe(watcher)

        cdk.CfnOutput(self, "Region", value=stage.region)
        cdk.CfnOutput(self, "Arn", value=stage.stage_arn)
        cdk.CfnOutput(self, "Name", value=stage.stage_name or "-")
        cdk.CfnOutput(self, "Tags", value=", ".join(f"{key}={tag}" for key, tag in stage.tags.items()) or "-")
        cdk.CfnOutput(self, "ActiveSessionId", value=stage.active_session_id or "-")


if __name__ == "__main__":
    app = cdk.App()
    context = app.node.try_get_context
    IvsLookupExample(
        app,
        "ivs-lookup",
        room=context("room"),
        env=cdk.Environment(account=context("account"), region=context("region")),
    )
    app.synth()
