import Foundation

/// Which part may know which: the arrows between the targets.
enum ArrowChecks {
    /// The modules that a file imports, with the line of each.
    static func imports(_ file: SourceFile) -> [(module: String, line: Int)] {
        CodeText(file).text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            index, line in
            let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
            let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
            let rest = words.first.map(access.contains) == true ? words.dropFirst() : words[...]
            guard rest.first == "import", var module = rest.dropFirst().first else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            if kinds.contains(module), let named = rest.dropFirst(2).first { module = named }
            return (String(module.prefix { $0 != "." }), index + 1)
        }
    }

    /// What a folder may import: only `allowed` if given, and none of `banned`.
    struct Rule {
        let folder: String
        var allowed: Set<String>?
        var banned: Set<String> = []
        let sentence: String
    }

    static func rules(hostModules: Set<String>, providerModules: Set<String>) -> [Rule] {
        [
            Rule(
                folder: "Sources/Host/Domain", allowed: ["ProviderKit"],
                sentence: "Domain does no I/O and knows ProviderKit alone."),
            Rule(
                folder: "Sources/Host/Routing", allowed: ["Domain", "ProviderKit"],
                sentence: "Routing does no I/O and knows Domain alone."),
            Rule(
                folder: "Sources/Host/KeyPool", allowed: ["Domain", "ProviderKit"],
                sentence: "KeyPool does no I/O and knows Domain alone."),
            Rule(
                folder: "Sources/ProviderKit",
                allowed: [
                    "FoundationEssentials", "Foundation", "Glibc", "Synchronization", "CProviderABI", "ProviderKit",
                ],
                sentence: "An integrator depends on ProviderKit: it knows the system alone."),
            Rule(folder: "Sources/Host", banned: providerModules, sentence: "The host knows no provider."),
            Rule(folder: "Sources/Providers", banned: hostModules, sentence: "A provider knows nothing of the host."),
        ]
    }

    static func forbiddenImports(_ file: SourceFile, rules: [Rule]) -> [String] {
        // A package's manifest is built for SwiftPM, not into anything.
        guard file.isSwift, !file.path.hasSuffix("/Package.swift") else { return [] }
        return rules.filter { file.isUnder($0.folder) }.flatMap { rule in
            imports(file).filter { rule.allowed?.contains($0.module) == false || rule.banned.contains($0.module) }.map {
                "\(file.path):\($0.line): imports \($0.module). \(rule.sentence)"
            }
        }
    }

    /// A host target imports only those of the project's modules that Package.swift declares for it. The compiler would
    /// accept others when they happen to be built before.
    static func undeclaredImports(_ file: SourceFile, manifest: PackageManifest) -> [String] {
        guard file.isSwift, let target = manifest.hostTargets.first(where: { file.isUnder($0.folder) }) else {
            return []
        }
        let own = Set(manifest.hostTargets.map(\.name)).union(["ProviderKit", "CProviderABI"])
        return imports(file).filter { own.contains($0.module) && !target.dependencies.contains($0.module) }.map {
            "\(file.path):\($0.line): imports \($0.module), which Package.swift does not declare for \(target.name)."
        }
    }
}

/// What the checks need to know of Package.swift, read from its text.
struct PackageManifest {
    struct HostTarget: Equatable {
        let name: String
        let folder: String
        let dependencies: [String]
    }

    let hostTargets: [HostTarget]
    /// The products that are dynamic libraries: the bundled plug-ins.
    let plugins: [String]
    /// The modules of the bundled adapters.
    let providerModules: Set<String>

    init(_ text: String) throws {
        hostTargets = try PackageManifest.matches(
            #"\bhost\(\s*"(\w+)"(?:,\s*at:\s*"(\w+)")?(?:,\s*\[([^\]]*)\])?"#, text
        ).map { groups in
            let names = try PackageManifest.matches(#""(\w+)""#, groups[3]).map { $0[1] }
            return HostTarget(
                name: groups[1], folder: "Sources/Host/\(groups[2].isEmpty ? groups[1] : groups[2])",
                dependencies: names)
        }
        plugins = try PackageManifest.matches(#"\.library\(name:\s*"([\w-]+)",\s*type:\s*\.dynamic"#, text).map {
            $0[1]
        }
        let providers = try PackageManifest.matches(#"\bprovider\(\s*"(\w+)""#, text).map { $0[1] }
        providerModules = Set(providers + providers.map { $0 + "Plugin" })
    }

    /// The groups of every match, the whole match first; a group that did not take part is empty.
    private static func matches(_ pattern: String, _ text: String) throws -> [[String]] {
        let regex = try NSRegularExpression(pattern: pattern)
        return regex.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
            (0..<match.numberOfRanges).map { group in
                Range(match.range(at: group), in: text).map { String(text[$0]) } ?? ""
            }
        }
    }
}
