"""Alerts of others (预警信息): read, checked, kept, relayed. Nothing here can make one up."""
