"""Parts of single pages, by the page's name."""
