"""Reminders (催报): A岗, then B岗, then the township; one per person and cause, never a storm."""
