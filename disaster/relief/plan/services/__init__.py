"""The verbs on allocation plans: made, planned anew, reviewed, approved, turned into orders, dropped."""
