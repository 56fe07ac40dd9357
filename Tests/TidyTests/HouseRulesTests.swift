import Foundation
import TestSupport
import TestTraits
import Testing

/// The rules of the house over the project as it is. Each check is shown failing in `ChecksThemselvesTests`.
@Suite("House rules", .computesLong)
struct HouseRulesTests {
    private func check(
        _ rule: (SourceFile) throws -> [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let findings = try SourceTree.shared.get().files.flatMap(rule)
        #expect(findings.isEmpty, "\n\(findings.joined(separator: "\n"))", sourceLocation: sourceLocation)
    }

    @Test("The checks see the project")
    func treeIsThere() throws {
        let tree = try SourceTree.shared.get()
        #expect(tree.files.contains { $0.path == "Package.swift" })
        #expect(tree.files.count { $0.isSwift && $0.isUnder("Sources") } > 20)
        #expect(tree.files.contains { $0.path == "Tests/TidyTests/HouseRulesTests.swift" })
    }

    @Test("No file has more than 400 lines")
    func fileLength() throws { try check(LengthChecks.longFiles) }

    @Test("No function has more than 70 lines")
    func functionLength() throws { try check(LengthChecks.longFunctions) }

    @Test("No line has more than 120 columns")
    func lineLength() throws { try check(LengthChecks.longLines) }

    @Test("Nothing in the sources ends the process or prints")
    func bannedConstructs() throws { try check(WordChecks.bannedInSources) }

    @Test("No floating-point number is near money")
    func money() throws { try check(WordChecks.floatingPointMoney) }

    @Test("No test sleeps")
    func sleeping() throws { try check(WordChecks.sleepingTests) }

    @Test("Nothing is left to do in the text")
    func leftovers() throws { try check(WordChecks.leftovers) }

    @Test("No path or host of one machine is in the text")
    func machinePaths() throws { try check(WordChecks.machinePaths) }

    @Test("The text says what it is, not how it is made")
    func makingOf() throws { try check(WordChecks.makingOf) }

    @Test("Nothing that is built is committed")
    func builtFiles() throws {
        let tree = try SourceTree.shared.get()
        let findings = WordChecks.builtFiles(paths: tree.paths, binaries: tree.binaries)
        #expect(findings.isEmpty, "\n\(findings.joined(separator: "\n"))")
    }

    @Test("Every script of the shell parses")
    func scripts() throws {
        let scripts = try SourceTree.shared.get().paths.filter { $0.hasSuffix(".sh") || $0 == ".ci/run" }
        #expect(scripts.count > 8)
        for script in scripts {
            let path = Repository.root.appending(path: script).path
            let result = try run(URL(filePath: "/bin/bash"), ["-n", path])
            #expect(result.status == 0, "\(script): \(result.errors)")
        }
        #expect(try run(URL(filePath: "/bin/bash"), ["-n"], input: "say 'it").status != 0)
    }

    @Test("The arrows between the targets point one way")
    func arrows() throws {
        let manifest = try PackageManifest(ProjectTree.text(of: "Package.swift"))
        #expect(manifest.hostTargets.count >= 10)
        #expect(!manifest.providerModules.isEmpty)
        let rules = ArrowChecks.rules(
            hostModules: Set(manifest.hostTargets.map(\.name)), providerModules: manifest.providerModules)
        try check { ArrowChecks.forbiddenImports($0, rules: rules) }
        try check { ArrowChecks.undeclaredImports($0, manifest: manifest) }
    }

    @Test("Every bundled plug-in exports the contract's one symbol")
    func exports() throws {
        let manifest = try PackageManifest(ProjectTree.text(of: "Package.swift"))
        #expect(!manifest.plugins.isEmpty)
        for plugin in manifest.plugins {
            let path = "\(ProjectTree.root)/.build/debug/lib\(plugin).so"
            try #require(FileManager.default.fileExists(atPath: path), "\(path) is not built. Run `swift build` first.")
            let findings = PluginChecks.exports(try Tool.output("nm", "-D", "-g", "--defined-only", path), of: path)
            #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
        }
    }

    @Test("At least 70 percent of the public declarations have a comment")
    func documentation() throws {
        var all = DocumentationChecks.Count()
        for file in try SourceTree.shared.get().files where file.isUnder("Sources") {
            let count = DocumentationChecks.count(file)
            all.documented += count.documented
            all.bare += count.bare
        }
        let list = all.bare.joined(separator: "\n")
        #expect(all.percentage >= 70, "\(all.percentage) percent. Without a comment:\n\(list)")
    }
}
