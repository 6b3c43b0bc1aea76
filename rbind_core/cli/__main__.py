"""`python -m rbind_core.cli`."""

from rbind_core.cli import main

if __name__ == "__main__":  # worker processes import this module too
    main(prog_name="./rbind")
