"""Widgets of several pages: sidebar, construct editor, gallery, tables, export row."""
