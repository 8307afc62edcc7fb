"""Collecting what briefings say from the rooms below, as of one moment."""
