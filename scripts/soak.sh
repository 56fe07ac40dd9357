#!/usr/bin/env bash
# The long runs: the tests that scale with UCAPTCHA_SOAK, at full size. Takes a good hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "==> a thousand kills, a thousand power cuts and the long simulations"
UCAPTCHA_SOAK=1 swift test --skip-build --filter 'EndToEndTests|TasksTests'
