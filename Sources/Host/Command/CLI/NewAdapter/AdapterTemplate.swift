/// The Swift package that `ucaptcha adapter new` writes: a small adapter of a vendor that does not exist, and tests.
///
/// `plugins/examples/swift` is what comes of it for the name `example`. In the texts `{{id}}` stands for the plug-in's
/// name, `{{Name}}` for the same as Swift's types are written, and `{{kit}}` for the folder of ProviderKit.
struct AdapterTemplate {
    let name: NewAdapterName
    /// The folder of ProviderKit, as Package.swift will name it.
    let kit: String

    /// The package's files: their paths in its folder, and their texts.
    var files: [(path: String, text: String)] {
        let code = "Sources/\(name.swift)Plugin", tests = "Tests/\(name.swift)PluginTests"
        let texts = [
            ("Package.swift", AdapterTemplate.packageManifest), ("Makefile", AdapterTemplate.makefile),
            ("exports.map", AdapterTemplate.exportsMap), ("README.md", AdapterTemplate.readme),
            (".gitignore", AdapterTemplate.ignoredFiles), ("\(code)/Adapter.swift", AdapterTemplate.adapter),
            ("\(code)/Manifest.swift", AdapterTemplate.manifest), ("\(code)/Faults.swift", AdapterTemplate.faults),
            ("\(code)/Entry.swift", AdapterTemplate.entry),
            ("\(tests)/AdapterTests.swift", AdapterTemplate.adapterTests),
            ("\(tests)/ScriptedCall.swift", AdapterTemplate.scriptedCall),
        ]
        return texts.map { ($0, fill($1)) }
    }

    private func fill(_ text: String) -> String {
        // The folder last: whatever it is called stays as it is.
        text.replacing("{{id}}", with: name.id).replacing("{{Name}}", with: name.swift)
            .replacing("{{kit}}", with: escaped(kit))
    }

    /// As it is between the quotes of a Swift string.
    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}

/// The name of a new plug-in.
struct NewAdapterName {
    /// As the manifest and the configuration have it: `my-vendor`.
    let id: String
    /// As Swift's types are written: `MyVendor`.
    let swift: String

    /// - Throws: a sentence that says how a name has to be.
    init(_ id: String, taken: [String]) throws(CommandFailure) {
        let isPlain = id.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isPlain, (1...32).contains(id.utf8.count), !id.hasPrefix("-"), !id.hasSuffix("-") else {
            throw CommandFailure(
                """
                A plug-in cannot be called `\(id)`: take 1 to 32 lower-case letters, digits and hyphens, with no \
                hyphen at either end, such as my-vendor.
                """)
        }
        guard !taken.contains(id) else {
            throw CommandFailure(
                "\(id) is the name of an adapter that comes with ucaptcha. Take another.")
        }
        self.id = id
        let words = id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        // No name in Swift begins with a digit.
        swift = words.first?.isNumber == true ? "Vendor\(words)" : words
    }
}
