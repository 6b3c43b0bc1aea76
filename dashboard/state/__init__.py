"""State that outlives a run of a page: results, jobs, links, uploads, ownership."""
