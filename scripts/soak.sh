#!/usr/bin/env bash
# The long runs at full size: a thousand kills, a thousand power cuts, the long simulations, 20,000 requests of chance in each
# dialect that takes forms. The simulations, two million tasks of them, run from an optimised build of the tests, which has a
# folder of its own: minutes instead of hours.
source "$(dirname "$0")/lib.sh"
need_swift
scripts/python.sh

say 'building'
swift build --build-tests || fail 'The build failed. The first error above says why.'
say 'building the tests once more, optimised'
swift build --build-tests -c release -Xswiftc -enable-testing --scratch-path .build/soak ||
    fail 'The optimised build failed. The first error above says why.'

say 'the long simulations'
UCAPTCHA_SOAK=1 .build/soak/release/ucaptchaPackageTests.xctest --testing-library swift-testing \
    --filter 'SimulationTests|TroubleTests' || fail 'Tests failed. The lines with ✘ say which.'
say 'a thousand kills, a thousand power cuts, and 20,000 requests of chance of each kind'
UCAPTCHA_SOAK=1 swift test --skip-build --filter 'CrashTests|FormFuzzTests|OpenAPITests' ||
    fail 'Tests failed. The lines with ✘ say which.'
