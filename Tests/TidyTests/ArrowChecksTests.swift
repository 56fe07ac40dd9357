import TestTraits
import Testing

/// The checks on imports, symbols and comments, each on a sample that breaks its rule and on one that keeps it.
@Suite("The checks of arrows, symbols and comments", .computesLong)
struct ArrowChecksTests {
    private static let manifest = """
        host("Domain", ["ProviderKit"]),
        host("Observability"),
        host("OutboundHTTP", at: "Network", ["Domain", "CLibcurl", logging]),
        host(
            "Tasks", ["Domain",
            "Routing"]),
        .library(name: "ProviderKit", targets: ["ProviderKit"]),
        .library(name: "native", type: .dynamic, targets: ["NativePlugin"]),
        ] + provider("Native", ["CLibcrypto"])
        """

    @Test("Package.swift is understood")
    func packageManifest() throws {
        let manifest = try PackageManifest(ArrowChecksTests.manifest)
        #expect(
            manifest.hostTargets == [
                .init(name: "Domain", folder: "Sources/Host/Domain", dependencies: ["ProviderKit"]),
                .init(name: "Observability", folder: "Sources/Host/Observability", dependencies: []),
                .init(name: "OutboundHTTP", folder: "Sources/Host/Network", dependencies: ["Domain", "CLibcurl"]),
                .init(name: "Tasks", folder: "Sources/Host/Tasks", dependencies: ["Domain", "Routing"]),
            ])
        #expect(manifest.plugins == ["native"])
        #expect(manifest.providerModules == ["Native", "NativePlugin"])
    }

    @Test("Imports are read in every form")
    func imports() {
        let text = """
            import A
            public import B
            @testable import C
            @preconcurrency internal import D.E
            import struct F.G
            // import H
            let important = "import I"
            """
        let found = ArrowChecks.imports(SourceFile(path: "a.swift", text: text))
        #expect(found.map(\.module) == ["A", "B", "C", "D", "F"])
        #expect(found.map(\.line) == [1, 2, 3, 4, 5])
    }

    @Test(
        "An import against the arrows is found",
        arguments: [
            ("Sources/Host/Domain/A.swift", "Glibc"), ("Sources/Host/Domain/A.swift", "Foundation"),
            ("Sources/Host/Domain/A.swift", "Storage"), ("Sources/Host/Routing/A.swift", "FoundationEssentials"),
            ("Sources/Host/KeyPool/A.swift", "Tasks"), ("Sources/Host/KeyPool/A.swift", "Synchronization"),
            ("Sources/ProviderKit/Adapter/A.swift", "Domain"), ("Sources/ProviderKit/Adapter/A.swift", "NIOCore"),
            ("Sources/Host/Tasks/A.swift", "Native"), ("Sources/Host/Command/A.swift", "NativePlugin"),
            ("Sources/Providers/Native/A.swift", "Domain"), ("Sources/Providers/Native/Entry/A.swift", "Tasks"),
        ])
    func forbidden(path: String, module: String) {
        #expect(findings("\npublic import \(module)", path).count == 1)
    }

    @Test(
        "An import along the arrows is not found",
        arguments: [
            ("Sources/Host/Domain/A.swift", "ProviderKit"), ("Sources/Host/Routing/A.swift", "Domain"),
            ("Sources/ProviderKit/Adapter/A.swift", "Synchronization"), ("Sources/Host/Network/A.swift", "Glibc"),
            ("Sources/Providers/Native/A.swift", "ProviderKit"), ("Tests/A.swift", "Native"),
        ])
    func allowed(path: String, module: String) {
        #expect(findings("import \(module)", path).isEmpty)
    }

    private func findings(_ text: String, _ path: String) -> [String] {
        let rules = ArrowChecks.rules(
            hostModules: ["Domain", "Tasks", "Storage"], providerModules: ["Native", "NativePlugin"])
        return ArrowChecks.forbiddenImports(SourceFile(path: path, text: text), rules: rules)
    }

    @Test("An import that Package.swift does not declare is found")
    func undeclared() throws {
        let manifest = try PackageManifest(ArrowChecksTests.manifest)
        let file = SourceFile(path: "Sources/Host/Network/A.swift", text: "import Domain\nimport Tasks\nimport Glibc")
        #expect(
            ArrowChecks.undeclaredImports(file, manifest: manifest) == [
                "Sources/Host/Network/A.swift:2: imports Tasks, which Package.swift does not declare for OutboundHTTP."
            ])
    }

    @Test("A plug-in that exports nothing, more or something else is found")
    func exports() {
        let good = "0000000000001000 T ucaptcha_provider_v1\n"
        #expect(PluginChecks.exports(good, of: "a.so").isEmpty)
        for listing in ["", good + "0000000000002000 T other\n", "0000000000001000 T entry\n"] {
            #expect(PluginChecks.exports(listing, of: "a.so").count == 1)
        }
    }

    @Test("Public declarations without a comment are counted")
    func documentation() {
        let text = """
            public import A
            /// Says.
            @frozen
            public struct B {
                public var c = 1
                public init(c: Int) {}
                public static func < (a: B, b: B) -> Bool { true }
                var d = 1
                /// Says.
                public static func e() {}
                // Says not.
                public func f() {}
            }
            public extension B {}
            """
        let count = DocumentationChecks.count(SourceFile(path: "a.swift", text: text))
        #expect(count == .init(documented: 2, bare: ["a.swift:5", "a.swift:12"]))
        #expect(count.percentage == 50)
        #expect(DocumentationChecks.Count().percentage == 100)
    }
}
