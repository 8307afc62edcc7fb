"""Receipts (签收): nothing counts as delivered without one; offline too, and never doubled."""
