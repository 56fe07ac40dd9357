#!/usr/bin/env bash
# Writes the parts of the documentation that are made from the source: the tests that compare them write instead.
source "$(dirname "$0")/lib.sh"
need_swift

say 'writing ucaptcha.example.yaml, docs/configuration.md, docs/errors.md, docs/tasks.md, docs/openapi.json and plugins/examples/swift'
UCAPTCHA_WRITE_DOCS=1 swift test --filter 'DocumentationTests/.*IsUpToDate|ErrorCatalogueTests/documentIsUpToDate|NewAdapterTests/exampleIsUpToDate' ||
    fail 'The documents could not be written. The lines with ✘ above say why.'
