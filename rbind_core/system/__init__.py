"""What RBind asks of the computer: files, locks, processes; and what it says when something fails there."""
