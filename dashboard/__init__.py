"""The dashboard: server, state, widgets, lessons, and the views of its pages."""
