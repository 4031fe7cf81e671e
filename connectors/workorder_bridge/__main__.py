"""`python -m workorder_bridge` is the same as the `workorder` command."""

from workorder_bridge.cli import main

if __name__ == "__main__":
    main()
