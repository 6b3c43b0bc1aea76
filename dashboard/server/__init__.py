"""The server: its start, imports, cookies and headers."""
