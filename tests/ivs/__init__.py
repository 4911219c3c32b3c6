"""Tests of stage_constructs.ivs."""
