"""The pages of shelters and of evacuation plans; they follow the feed."""
