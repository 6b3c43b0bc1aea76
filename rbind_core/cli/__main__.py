"""`python -m rbind_core.cli`."""

from rbind_core.cli import main

main(prog_name="./rbind")
