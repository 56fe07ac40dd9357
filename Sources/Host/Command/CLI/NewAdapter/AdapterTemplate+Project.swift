/// What is around the code of a new plug-in. See `AdapterTemplate` for what stands between braces.
extension AdapterTemplate {
    /// `Makefile`; a Makefile needs tabs
    static let makefile = ##"""
        # make          builds {{id}}.so
        # make test     runs the tests; nothing is sent to anybody
        # make check    puts {{id}}.so through everything that a plug-in may meet; needs the program ucaptcha

        .PHONY: all plugin test check clean
        .NOTPARALLEL:

        CONFIGURATION ?= release
        # Where the build's files go, and where the plug-in is left.
        BUILD ?= .build
        OUTPUT ?= .
        UCAPTCHA ?= ucaptcha

        # The plug-in carries its own Swift runtime, so that it works in a host of any compiler version, and shows the
        # outside one symbol only, so that plug-ins cannot meet each other's.
        OPTIONS := -c $(CONFIGURATION) --scratch-path "$(BUILD)" -Xswiftc -static-stdlib -Xswiftc -use-ld=lld \
        \##t-Xlinker "--version-script=$(CURDIR)/exports.map"
        ifeq ($(CONFIGURATION),release)
        OPTIONS += -Xlinker -s
        endif

        all: plugin

        plugin:
        \##tswift build $(OPTIONS) --product {{id}}
        \##t@mkdir -p "$(OUTPUT)"
        \##t@# Written beside and renamed: a host that runs keeps the file that it has loaded.
        \##t@cp "$$(swift build $(OPTIONS) --show-bin-path)/lib{{id}}.so" "$(OUTPUT)/.{{id}}.so.new"
        \##t@mv "$(OUTPUT)/.{{id}}.so.new" "$(OUTPUT)/{{id}}.so"

        test:
        \##tswift test --scratch-path "$(BUILD)/tests"

        check: plugin
        \##t$(UCAPTCHA) adapter check "$(OUTPUT)/{{id}}.so"

        clean:
        \##trm -rf "$(BUILD)" "$(OUTPUT)/{{id}}.so"

        """##

    /// `exports.map`
    static let exportsMap = ##"""
        /* The one symbol that a plug-in exports, so that plug-ins cannot meet each other's. */
        {
            global:
                ucaptcha_provider_v1;
            local:
                *;
        };

        """##

    /// `README.md`
    static let readme = ##"""
        # The adapter {{Name}}

        A plug-in for ucaptcha. It was written by `ucaptcha adapter new {{id}}`; the guide to everything in it is
        `docs/write-an-adapter.md` in the checkout of ucaptcha.

        ```
        make test     # runs the tests with scripted replies; nothing is sent to anybody
        make          # builds {{id}}.so
        make check    # puts {{id}}.so through everything that a plug-in may meet
        ```

        `make check` needs the program `ucaptcha`; `make check UCAPTCHA=FILE` says where it is.
        `make CONFIGURATION=debug` builds for a debugger. `UCAPTCHA_PROVIDERKIT=FOLDER` in the environment names another
        place of ProviderKit than Package.swift does.

        What is there is an adapter for a vendor that does not exist. To make it yours:

        1. `Sources/{{Name}}Plugin/Manifest.swift`: the vendor's address, its keys, prices, kinds of task and times.
        2. `Sources/{{Name}}Plugin/Adapter.swift`: what is sent, and what is read from the answers.
        3. `Sources/{{Name}}Plugin/Faults.swift`: all error codes of the vendor's documentation.
        4. `Tests/{{Name}}PluginTests/AdapterTests.swift`: requests and answers as the documentation shows them.

        To install it, run `make OUTPUT=FOLDER` with the host's folder of plug-ins, or copy `{{id}}.so` there, and
        enable it in the host's configuration. It takes effect at the next start:

        ```yaml
        adapters:
          {{id}}:
            enabled: true
            keys: [env:PROVIDER_KEY]
            #sha256: what `sha256sum {{id}}.so` prints; then no other file is loaded
        ```

        """##

    /// `.gitignore`
    static let ignoredFiles = ##"""
        .build/
        .swiftpm/
        Package.resolved
        *.so

        """##
}
