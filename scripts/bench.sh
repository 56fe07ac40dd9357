#!/usr/bin/env bash
# Compares the policies of routing in a simulated market, and measures the host as ratios against a baseline of the same
# run. Options are passed on to bench.py (--help shows them).
source "$(dirname "$0")/lib.sh"
need_swift

say 'building the host, the baseline, the benches of boundary, choice, routing and polling, and three plug-ins'
for product in ucaptcha bench-baseline bench-boundary bench-choice bench-market bench-polling; do
    swift build -c release --product "$product" || fail "The build of $product failed. The first error above says why."
done
mkdir -p .build/bench/plugins
for name in stalls instant fragile; do
    cc -shared -fPIC -pthread -O2 -I Sources/ProviderKit/ABI/include -o ".build/bench/plugins/$name.so" \
        "Tests/Support/Plugins/$name.c" || fail "The plug-in $name could not be compiled."
done

say 'comparing the policies of routing over simulated days'
.build/release/bench-market || fail 'The policy that ships misses a goal, or the comparison did not end.'

say 'choosing among many keys: nanoseconds of a choice, of a place taken and given back, and of a choice made anew'
.build/release/bench-choice || fail 'The bench of choices did not end.'

exec python3 scripts/bench.py "$@"
