#!/usr/bin/env bash
# Builds the example plug-ins into .build/examples: what has not changed stays. With the argument `test` the tests of the
# Swift one are run as well.
source "$(dirname "$0")/lib.sh"
need_swift

output=$PWD/.build/examples
# Each has its end: a build that hangs must not hang whoever waits for it.
make_example() { timeout 300 make --no-print-directory -C "plugins/examples/$1" OUTPUT="$output" "${@:2}"; }

say 'building the example plug-ins into .build/examples'
make_example c || fail 'plugins/examples/c could not be built. The first error above says why.'
make_example swift BUILD="$output/swift" plugin ||
    fail 'plugins/examples/swift could not be built. The first error above says why.'
if [[ ${1:-} == test ]]; then
    say 'running the tests of plugins/examples/swift'
    make_example swift BUILD="$output/swift" test ||
        fail 'The tests of plugins/examples/swift failed. The lines with ✘ above say which and why.'
fi
