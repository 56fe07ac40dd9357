#!/usr/bin/env bash
# Format, warnings and house rules.
source "$(dirname "$0")/lib.sh"
need_swift

say 'checking the format'
swift format lint --strict --parallel --recursive Sources Tests Package.swift plugins/examples/swift/{Package.swift,Sources,Tests} ||
    fail 'Files are not formatted. Run swift format format -i --recursive with the folders of the lines above.'

say 'building anew what is ours, to see every warning'
log=.build/check.log
mkdir -p .build
# Removing what was built of a target has it built again, and the dependencies stay as they are.
swift package describe --type json >.build/check.json || fail 'Package.swift cannot be read.'
python3 -c 'import json; print(*[target["name"] for target in json.load(open(".build/check.json"))["targets"]], sep="\n")' |
    while read -r target; do rm -rf ".build/debug/$target.build"; done
swift build --build-tests 2>&1 | tee "$log" || fail 'The build failed. The first error above says why.'
# Those of the dependencies are not ours to mend.
if grep -E "/(Sources|Tests)/.*: warning: |^warning: '$(basename "$PWD")'" "$log" | grep -v '/\.build/' | sort -u; then
    fail 'There are warnings. The lines above say where.'
fi

say 'checking the house rules'
swift test --skip-build --filter TidyTests || fail 'A house rule is broken. The lines with ✘ above say which.'
say 'all checks passed'
