"""Starting the server, and what it does before any page: imports, cookies, headers."""
