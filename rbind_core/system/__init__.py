"""The operating system: files, locks, processes, and messages when something fails there."""
