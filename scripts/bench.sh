#!/usr/bin/env bash
# Measures the host as ratios against a baseline of the same run. Options are passed on to bench.py (--help shows them).
set -euo pipefail
cd "$(dirname "$0")/.."

echo "==> building the host, the baseline and two plug-ins that only answer"
swift build -c release --product ucaptcha
swift build -c release --product bench-baseline
mkdir -p .build/bench/plugins
for name in stalls instant; do
    cc -shared -fPIC -O2 -I Sources/ProviderKit/ABI/include -o ".build/bench/plugins/$name.so" \
        "Tests/Support/Plugins/$name.c"
done
exec python3 scripts/bench.py "$@"
