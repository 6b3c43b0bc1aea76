"""The public data: fetching, reading, transforms, splits, and the probe libraries from which backgrounds are drawn."""
