#!/usr/bin/env bash
# Builds once and runs every test. Arguments go to `swift test`, such as --filter NAME.
source "$(dirname "$0")/lib.sh"
need_swift
scripts/python.sh

say 'building the host, the plug-ins and the tests'
swift build --build-tests || fail 'The build failed. The first error above says why.'
for product in ucaptcha $(plugins | sed 's/.*/lib&.so/'); do
    [[ -e .build/debug/$product ]] || fail "The build left no .build/debug/$product."
done

scripts/examples.sh test

say 'running the tests'
# Thousands of lines pass by: what failed is told once more at the end.
if ! swift test --skip-build "$@" 2>&1 | tee .build/tests.log; then
    printf '\n' >&2
    grep -a '✘' .build/tests.log | tail -n 40 >&2 || true
    fail "Tests failed: see above. The whole output is in .build/tests.log."
fi
