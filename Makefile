# Area Scrutiny. `make run` serves the invented county of Loamshire; `make test` runs every test; both set themselves up.
PREPARE := setup/prepare.sh
BIN := .venv/bin

.PHONY: help run test proof coverage check bench fonts docs translations lock clean

help:
	@echo "make run    serve the demo on http://127.0.0.1:$${PORT:-8000}"
	@echo "make test   run every test"
	@echo "make proof  the long forms of tests: many people at once, processes killed, hostile files, an older version; and the coverage"
	@echo "make coverage   which share of lines and branches the tests run; fails below 95% of lines"
	@echo "make check  style, types, directions of imports, migrations"
	@echo "make bench  times against their yardsticks"
	@echo "make fonts  install fonts of further scripts for printing (South and East Asian, Ethiopic and others)"
	@echo "make docs   write anew the parts of the documents that the code tells of itself"
	@echo "make translations   gather every text that is said into the catalogues of translations/"
	@echo "make lock   pin the libraries anew from pyproject.toml and package.json"

run:
	@$(PREPARE) packages python assets catalogues secret demo
	@$(PREPARE) serve

test:
	@$(PREPARE) packages test-packages test-python assets catalogues secret
	@$(PREPARE) test

proof:
	@$(PREPARE) packages test-packages test-python assets secret
	@$(PREPARE) proof

coverage:
	@$(PREPARE) packages test-packages test-python assets catalogues secret
	@$(PREPARE) coverage

check:
	@$(PREPARE) packages test-python assets secret
	@$(PREPARE) check

bench:
	@$(PREPARE) packages bench-packages bench-python assets secret
	@SHARED_DATA=$${SHARED_DATA:-../shared/data} $(BIN)/python -m pytest tests/benchmarks -m bench -rP

fonts:
	@$(PREPARE) fonts

docs:
	@$(PREPARE) packages python
	@$(BIN)/python -m setup.picture

translations:
	@$(PREPARE) packages python translations

lock:
	@$(PREPARE) lock

clean:
	rm -rf .venv node_modules scrutiny/static/vendor
