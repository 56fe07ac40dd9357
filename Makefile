# Everything that is done with the project, in one place. Each target prints its steps and fails with a reason.

.PHONY: help run demo build test bench soak check docs clean
.NOTPARALLEL:

help:
	@echo "make run      install what is missing, build, start a host with the adapter native, show how to solve a task"
	@echo "make demo     every adapter in front of simulated vendors: what they solve, what a key handed over earns, an outage"
	@echo "make build    build the release: .build/release/ucaptcha and the plug-ins in plugins/"
	@echo "make test     build and run every test"
	@echo "make check    format, warnings and house rules"
	@echo "make docs     write the parts of the documentation that are made from the source"
	@echo "make bench    measure; make soak: the long runs, about an hour"
	@echo "make clean    remove what was built; run/ with its database stays"

run: build
	@scripts/run.sh

demo:
	@scripts/dependencies.sh build
	@scripts/demo.sh $(ARGS)

build:
	@scripts/dependencies.sh build
	@scripts/build.sh

test:
	@scripts/dependencies.sh build test
	@scripts/test.sh

check:
	@scripts/dependencies.sh build test
	@scripts/check.sh

docs:
	@scripts/dependencies.sh build
	@scripts/docs.sh

bench:
	@scripts/dependencies.sh build bench
	@scripts/bench.sh

soak:
	@scripts/dependencies.sh build test
	@scripts/soak.sh

clean:
	@scripts/clean.sh
