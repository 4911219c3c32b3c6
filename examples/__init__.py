"""Small complete apps; `cdk.json` runs them all as one."""
