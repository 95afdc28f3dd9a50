"""`python -m comity.cli` is the same as `comity`."""

from comity.cli import main

main()
