# Two commands and a few more; tools/house.py does the work. Plain `make` lists them.
PYTHON ?= python3
PORT ?=
ARGS ?=
export PORT ARGS

VERBS = book serve test notebooks bench clean distclean format lint lock

.DEFAULT_GOAL := help
.PHONY: help $(VERBS)

help $(VERBS):
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python 3.11 or later is needed, and there is no $(PYTHON) here; install it, or name yours: make PYTHON=/path/to/python3.12 $@" >&2; exit 1; }
	@$(PYTHON) tools/house.py $@
