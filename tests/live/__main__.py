"""Try the rules on AWS: `make verify-aws REGION=eu-west-1`, or `python -m tests.live --help`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from stage_constructs.rules.templates import all_rules

from .account import Account, MissingPermissionError, answer_of
from .policy import policy
from .probes import OPERATIONS, PROBES, Expected, Given, Probe

if TYPE_CHECKING:
    from collections.abc import Sequence

AWS: Final = "AWS"
EVIDENCE: Final = Path(__file__).parents[2] / "docs" / "evidence.json"
DONE, UNEXPECTED, NO_ACCOUNT = 0, 1, 2
_NO_ANSWER: Final = re.compile(
    r"\w*(TooManyRequests|Throttling|QuotaExceeded|LimitExceeded|Unavailable|InternalServer)"
)
"""Refusals that say nothing about the request."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the service, and write down what it answers.

    Returns:
        0 if all answers are those that the rules expect, 1 if one is not or could not be had, 2 without an account.
    """
    options = _options(arguments)
    try:
        session = boto3.Session(region_name=options.region)
        if session.region_name is None:
            print("No Region is given, try: make verify-aws REGION=eu-west-1")
            return NO_ACCOUNT
        session.client("sts", endpoint_url=options.endpoint).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        print(f"There is no AWS account to try the rules in: {error}")
        return NO_ACCOUNT
    run = f"{dt.datetime.now(dt.timezone.utc):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    records: dict[str, Any] = {}
    try:
        with Account(session, run, options.endpoint) as account:
            print(f"Run {run} in {account.region}, where {account.answered_by} answers.")
            print(f"{account.remove_left_over()} resources of earlier runs are deleted.")
            probes = [probe for probe in PROBES if not options.only or options.only in probe.rules]
            unexpected = sum(not _is_as_expected(account, probe, records) for probe in probes)
    except MissingPermissionError as error:
        print(json.dumps(policy(session.get_partition_for_region(session.region_name), session.region_name), indent=2))
        print(f"A permission is missing: {error}\nThe policy above allows what a run does.")
        return UNEXPECTED
    except KeyboardInterrupt:
        print("Interrupted; what the run has created is deleted.")
        return UNEXPECTED
    finally:
        _write(records, options.evidence)
    print(f"{len(records)} of {len(probes)} probes are answered; {unexpected} are not, or not as expected.")
    return UNEXPECTED if unexpected else DONE


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.live", description="Try the rules on AWS.")
    parser.add_argument("--region", help="default: that of the AWS configuration")
    parser.add_argument("--only", metavar="RULE", help="probes of one rule")
    parser.add_argument("--evidence", type=Path, default=EVIDENCE, help="file for the answers")
    parser.add_argument("--endpoint", help="URL of an emulator")
    return parser.parse_args(arguments)


def _is_as_expected(account: Account, probe: Probe, records: dict[str, Any]) -> bool:
    """Ask one probe, print and keep the answer."""
    try:
        answer = account.ask(probe)
    except (BotoCoreError, ClientError) as error:
        print(f"  none        {probe.name}: {answer_of(error)}")
        return False
    expected = is_expected(probe, answer)
    if not expected and _NO_ANSWER.match(answer):
        print(f"  none        {probe.name}: {answer}")
        return False
    print(f"  {'as expected' if expected else 'OTHERWISE  '} {probe.name}: {answer}")
    service, operation = ("cloudformation", "CreateStack") if probe.in_stack else OPERATIONS[probe.type]
    records[probe.name] = {
        "rules": probe.rules,
        "request": {"operation": f"{service}:{operation}", "type": probe.type, "properties": _shown(probe.properties)},
        "expected": probe.expected.value,
        "answer": answer,
        "as_expected": expected,
        "date": f"{dt.datetime.now(dt.timezone.utc):%Y-%m-%d}",
        "region": account.region,
        "answered_by": account.answered_by,
    }
    return expected


def is_expected(probe: Probe, answer: str) -> bool:
    """Whether an answer is what the rules of a probe say."""
    if probe.expected is Expected.QUOTED:
        quotes = [row.service for row in all_rules() if row.id in probe.rules and row.service]
        return any(re.search(re.sub(r"\\\{[a-z]+\\\}", ".*", re.escape(quote)), answer) for quote in quotes)
    return (answer == "accepted") == (probe.expected is Expected.ACCEPTED)


def _shown(value: Any) -> Any:
    if isinstance(value, Given):
        return f"<{value.value}>"
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _write(records: dict[str, Any], target: Path) -> None:
    """Keep the answers beside those of earlier runs; an emulator is no evidence for the documentation."""
    if target.resolve() == EVIDENCE and any(record["answered_by"] != AWS for record in records.values()):
        print(f"An emulator is no evidence: {target.name} stays as it is.")
        return
    before = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    text = json.dumps({**before, **records}, indent=2, sort_keys=True, ensure_ascii=False)
    target.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
