#!/usr/bin/env bash
# Builds the release and puts the plug-ins where a host looks for them.
source "$(dirname "$0")/lib.sh"
need_swift

say 'building .build/release/ucaptcha and the plug-ins'
for product in ucaptcha $(plugins); do
    swift build -c release --product "$product" || fail "The build of $product failed. The first error above says why."
done
[[ -x .build/release/ucaptcha ]] || fail 'The build left no .build/release/ucaptcha.'

mkdir -p plugins
for plugin in $(plugins); do
    # Written beside and renamed: a host that runs keeps the file that it has loaded.
    cp ".build/release/lib$plugin.so" "plugins/.$plugin.so.new" || fail "The build left no lib$plugin.so."
    mv "plugins/.$plugin.so.new" "plugins/$plugin.so"
    say "plugins/$plugin.so is in place"
done
