"""Dispatch (运输调度): lorries, their trips and drivers, from an order to its arrival."""
