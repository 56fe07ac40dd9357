#!/usr/bin/env bash
# The long runs at full size: a thousand kills, a thousand power cuts, the long simulations, 20,000 requests of chance in each
# dialect that takes forms.
source "$(dirname "$0")/lib.sh"
need_swift
scripts/python.sh

say 'building'
swift build --build-tests || fail 'The build failed. The first error above says why.'
say 'a thousand kills, a thousand power cuts, the long simulations, and 20,000 requests of chance of each kind'
UCAPTCHA_SOAK=1 swift test --skip-build --filter 'CrashTests|SimulationTests|TroubleTests|FormFuzzTests|OpenAPITests' ||
    fail 'Tests failed. The lines with ✘ say which.'
