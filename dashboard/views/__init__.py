"""What one page needs beyond reading and asking, by the page's name."""
