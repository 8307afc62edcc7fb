"""The sample county 潜山市: see README.md for what is real and what is simulated."""
