"""The rules, tried on AWS: `make verify-aws`."""
