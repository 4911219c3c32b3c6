"""The front door example on the emulator: CloudFront, web ACL, names, and what reaches the stages."""

from __future__ import annotations

from emulator import aws, clients

NAME = "front-door"
HOST = f"execute-api.{aws.REGION}.amazonaws.com"
PROGRAM = """
from examples.front_door import FrontDoorExample
env = cdk.Environment(account="{account}", region="{region}")
FrontDoorExample(app, "{name}", zone_id="{zone}", env=env)
"""


def test_names_and_headers_lead_to_the_stages(emulator, make_app):
    """CloudFront calls the stage under its path with the secret header, and functions answer by the domain name."""
    route53 = emulator.client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference=NAME)["HostedZone"]["Id"].rpartition("/")[2]
    program = PROGRAM.format(name=NAME, zone=zone, account=aws.ACCOUNT, region=aws.REGION)
    cdk = make_app(program, stack="unused")
    cdk.deploy(NAME)

    [distribution] = emulator.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    [origin] = distribution["Origins"]["Items"]
    [header] = origin["CustomHeaders"]["Items"]
    assert (origin["DomainName"].partition(".")[2], origin["OriginPath"]) == (HOST, "/prod")
    assert distribution["WebACLId"]
    url = f"https://{origin['DomainName']}{origin['OriginPath']}/pets"
    for value, status in ((header["HeaderValue"], 200), ("guessed", 403), (None, 401)):
        headers = {header["HeaderName"]: value} if value else {}
        assert clients.request(emulator, "GET", url, headers=headers)[0] == status

    [mapping] = emulator.client("apigatewayv2").get_api_mappings(DomainName="chat.example.com")["Items"]
    assert mapping["Stage"] == "live"
    functions = emulator.client("lambda").list_functions()["Functions"]
    environments = [function.get("Environment", {}).get("Variables", {}) for function in functions]
    assert "https://chat.example.com/" in [environment.get("CALLBACK_URL") for environment in environments]
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert {each["Name"] for each in records if "AliasTarget" in each} == {"pets.example.com.", "chat.example.com."}
    cdk("destroy", "--force", NAME)
