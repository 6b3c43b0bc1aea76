"""What several pages draw: sidebar, construct editor, gallery, tables, the row that exports a figure."""
