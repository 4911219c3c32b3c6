"""One example or twin as an app of its own: `python -m benchmarks.twins examples.http_api`."""

from __future__ import annotations

import importlib
import sys

import aws_cdk as cdk

module = importlib.import_module(sys.argv[1])
app = cdk.App()
for each in list(vars(module).values()):
    if isinstance(each, type) and issubclass(each, cdk.Stack) and each is not cdk.Stack:
        each(app, sys.argv[1].rpartition(".")[2].replace("_", "-"))
app.synth()
