"""What outlives a run of a page: results, jobs, links, uploads, whose things are whose."""
