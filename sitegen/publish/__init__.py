"""Outputs -> files: rendered in any process, written beside the target, moved into place, stale ones pruned."""
