"""From live stages to an app that declares them, and the mapping with which `cdk import` takes them into its stack."""
