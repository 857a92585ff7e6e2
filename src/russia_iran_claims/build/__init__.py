"""From `raw/*.yaml` to a published version: one module for each step.

located -> rows -> models -> rules -> derive -> arrow -> files -> audit -> publish
"""
