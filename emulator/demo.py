"""`make demo`: the examples synthesized, deployed, talked to and destroyed on this machine.

Ends with 0 only if all of it held.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import signal
import sys
import time
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from websockets.exceptions import WebSocketException

from . import aws, clients, live_state
from .cdk import ROOT, Cdk, CdkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CACHE = ROOT / ".cache"
LOG = CACHE / "demo.log"


class DemoError(RuntimeError):
    """Something that the demo promises did not hold."""


@contextlib.contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """One line for one step, with what it found and how long it took."""
    notes: list[str] = []
    begun = time.monotonic()
    print(f"  {title:<44}", end="", flush=True)
    try:
        yield notes.append
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - begun:5.1f} s", "  ".join(notes), flush=True)


def expect(held: bool, otherwise: str) -> None:
    """End the demo unless something held."""
    if not held:
        raise DemoError(otherwise)


def talk_http(emulator: aws.Emulator) -> None:
    """Call both stages of the HTTP API."""
    urls = live_state.outputs(emulator, "http-api")
    for stage, url, words in (
        ("$default", urls["StableUrl"] + "greeting", "good day"),
        ("beta", urls["BetaUrl"] + "/greeting", "hello there"),
    ):
        with step(f"GET /greeting of stage {stage}") as note:
            status, body = clients.get(emulator, url)
            expect((status, body) == (200, words), f"{url} answered {status} {body!r} for 200 {words!r}")
            note(f'{status} "{body}"')


@contextlib.contextmanager
def changed_in_place(emulator: aws.Emulator, cdk: Cdk) -> Iterator[None]:
    """Deploy a native API as it is, and call its stage while the block deploys the change of its settings."""
    with step("cdk deploy native-api, as it was"):
        cdk.deploy("native-api", "--context", "native-api=unchanged")
        [before] = live_state.stages(emulator, "native-api").values()
        url = live_state.outputs(emulator, "native-api")["Url"] + "/orders"
    with clients.repeated(emulator, "POST", url) as answers:
        yield
    with step("the native stage has its settings") as note:
        [after] = live_state.stages(emulator, "native-api").values()
        expect(after["CreatedDate"] == before["CreatedDate"], "the stage was replaced")
        expect(set(answers) == {(HTTPStatus.CREATED, "ordered")}, f"{url} answered {set(answers)}")
        rate = after["RouteSettings"]["POST /orders"]["ThrottlingRateLimit"]
        note(f"at most {rate:g} orders a second; in place, {len(answers)} requests answered meanwhile")


def talk_websocket(emulator: aws.Emulator) -> None:
    """Send a message through the WebSocket stage and wait for its echo."""
    url = live_state.outputs(emulator, "websocket-echo")["Url"]
    with step("message to stage live, echoed") as note, clients.websocket(emulator, url) as connection:
        connection.send("is anyone there?")
        answer = connection.recv(timeout=30)
        expect(answer == "is anyone there?", f"{url} answered {answer!r}")
        note(f'"{answer}"')


def chat(emulator: aws.Emulator) -> None:
    """Say something to the chat and hear it in two places."""
    url = live_state.outputs(emulator, "websocket-chat")["Url"]
    with (
        step("one says hello in the chat, two hear it") as note,
        clients.websocket(emulator, url) as one,
        clients.websocket(emulator, url) as other,
    ):
        one.send('{"action": "say", "words": "hello"}')
        heard = one.recv(timeout=30), other.recv(timeout=30)
        expect(heard == ("hello", "hello"), f"{url} let {heard!r} be heard")
        note('"hello" "hello"')


def call_blue_green(emulator: aws.Emulator) -> None:
    """Call the live stage and the preview; the first deploy has one deployment for both."""
    urls = live_state.outputs(emulator, "blue-green")
    for stage, url in (("$default", urls["LiveUrl"]), ("preview", urls["PreviewUrl"])):
        with step(f"GET /cart of stage {stage}") as note:
            answer = clients.get(emulator, f"{url.rstrip('/')}/cart")
            expect(answer == (200, stage), f"{url} answered {answer}")
            note(f"deployment {urls['PreviewDeployment']}")


def watch(emulator: aws.Emulator) -> None:
    """Read the dashboard and the alarms back."""
    cloudwatch = emulator.client("cloudwatch")
    with step("dashboard and alarms") as note:
        [dashboard] = cloudwatch.list_dashboards()["DashboardEntries"]
        body = json.loads(cloudwatch.get_dashboard(DashboardName=dashboard["DashboardName"])["DashboardBody"])
        alarms = cloudwatch.describe_alarms()["MetricAlarms"]
        expect(body["widgets"] and alarms, f"found {body} and {alarms}")
        expect(all(alarm["AlarmActions"] for alarm in alarms), "an alarm has no action")
        note(f"{len(body['widgets'])} widgets, {len(alarms)} alarms")


def enter_room(emulator: aws.Emulator, cdk: Cdk) -> str:
    """Get a token for the IVS stage, look the stage up with another app, rename it in place."""
    outputs = live_state.outputs(emulator, "ivs-realtime")
    room = emulator.client("ivs-realtime")
    with step("POST /tokens for the IVS stage") as note:
        status, body = clients.request(emulator, "POST", outputs["TokensUrl"], signed=True)
        expect(status == HTTPStatus.OK and "token" in body, f"{outputs['TokensUrl']} answered {status} {body!r}")
        note(f"{status} participant {json.loads(body)['participant']}")
    with step("another app looks the stage up") as note:
        known = look_up(cdk, "room")
        expect(known["Arn"] == outputs["RoomArn"], f"found {known}")
        note(", ".join(f"{name} {value}" for name, value in known.items() if name in ("Name", "ActiveSessionId")))
    with step("the stage is renamed in place") as note:
        cdk.deploy("ivs-realtime", "--context", "room=hall")
        stage = room.get_stage(arn=outputs["RoomArn"])["stage"]
        expect(stage["name"] == "hall", f"its name is {stage['name']}")
        note(f"{outputs['RoomArn'].rpartition('/')[2]} is now {stage['name']}")
    return outputs["RecordingsBucket"]


def look_up(cdk: Cdk, room: str) -> dict[str, str]:
    """What `examples/ivs_lookup.py` finds out about a stage."""
    folder = CACHE / "lookup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    other = replace(cdk, folder=folder, output=folder / "cdk.out", app=f"{sys.executable} -m examples.ivs_lookup")
    context = {"room": room, "account": aws.ACCOUNT, "region": aws.REGION}
    other("synth", "--quiet", *(word for name in context for word in ("--context", f"{name}={context[name]}")))
    template = json.loads((other.output / "ivs-lookup.template.json").read_text())
    return {name: output["Value"] for name, output in template["Outputs"].items()}


def run(port: int | None) -> None:
    """All steps of the demo."""
    assembly = CACHE / "demo.out"
    shutil.rmtree(assembly, ignore_errors=True)
    with contextlib.ExitStack() as stack:
        with step("emulator") as note:
            emulator = stack.enter_context(aws.running(CACHE / "emulator.log", port))
            note(emulator.endpoint)
        cdk = Cdk(emulator, log=LOG, output=assembly)
        with step("cdk synth") as note:
            cdk("synth", "--quiet")
            names = sorted(path.name.split(".")[0] for path in assembly.glob("*.template.json"))
            note(", ".join(names))
        with step("cdk bootstrap"):
            cdk("bootstrap", f"aws://{aws.ACCOUNT}/{aws.REGION}")
        with changed_in_place(emulator, cdk), step("cdk deploy --all"):
            cdk.deploy("--all")
        with step("settings of the deployed stages") as note:
            found = [line for name in names for line in live_state.differences(emulator, name, assembly)]
            expect(not found, "\n".join(found))
            note("as in the templates")
        talk_http(emulator)
        talk_websocket(emulator)
        chat(emulator)
        call_blue_green(emulator)
        watch(emulator)
        bucket = enter_room(emulator, cdk)
        with step("cdk destroy --all"):
            cdk.destroy("--all")
        with step("what is left") as note:
            left = emulator.client("apigatewayv2").get_apis()["Items"]
            expect(not left, f"APIs are left: {left}")
            emulator.client("s3").head_bucket(Bucket=bucket)
            note(f"recordings in {bucket}")


def main() -> int:
    """Run the demo and say in one line what went wrong, if anything."""
    parser = argparse.ArgumentParser(prog="emulator.demo", description=__doc__)
    parser.add_argument("--port", type=int, help="port of the emulator on 127.0.0.1 (default: a free one)")
    port = parser.parse_args().port
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    CACHE.mkdir(exist_ok=True)
    LOG.write_text("")
    begun = time.monotonic()
    print("demo: the examples on an embedded AWS")
    try:
        run(port)
    except (DemoError, CdkError, aws.EmulatorError, OSError, WebSocketException, ClientError) as error:
        print(f"demo: {error}\nfull log: {LOG}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndemo: interrupted, nothing is left running", file=sys.stderr)
        return 130
    print(f"demo: all of it held, in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
