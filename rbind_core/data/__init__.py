"""The public data: fetching, reading, transforms, splits, and the probe libraries that backgrounds draw from."""
