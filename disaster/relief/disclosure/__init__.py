"""Disclosure (阳光公示): what the public may read, objections, complaints and their clocks."""
