"""``python -m mothball``: the installed program."""

from mothball.cli.program import main

main()
