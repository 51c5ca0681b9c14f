# Every target is a task of dev.py, which needs only Python 3.11+: `python3 dev.py demo` works too.
PYTHON ?= python3

.PHONY: help demo demo-reset test check bench spark lock fmt

help:
	@$(PYTHON) dev.py --help

demo demo-reset test check bench spark lock fmt:
	@$(PYTHON) dev.py $@ $(ARGS)
