import Foundation
import TestSupport
import Testing

@testable import Config

@Suite("The configuration's documentation")
struct DocumentationTests {
    @Test("The committed example is what the list of keys makes of it")
    func exampleIsUpToDate() throws {
        let problem = try TidyDocument("ucaptcha.example.yaml").difference(from: ExampleFile.rendered)
        #expect(problem == nil, "\(problem ?? "")")
    }

    @Test("The table in docs/configuration.md is what the list of keys makes of it")
    func tableIsUpToDate() throws {
        let document = TidyDocument(
            "docs/configuration.md",
            markers: ("<!-- The table is made from the source by `make docs`. -->", "<!-- The end of the table. -->"))
        let problem = try document.difference(from: ConfigurationTable.rendered)
        #expect(problem == nil, "\(problem ?? "")")
    }

    @Test("The committed example is accepted as it is and starts the adapter native")
    func exampleIsAccepted() throws {
        let path = "\(ProjectTree.root)/ucaptcha.example.yaml"
        let configuration = try Configuration(file: path)
        #expect(configuration.enabledAdapters.map(\.name) == ["native"])
        #expect(configuration.database.path == "\(ProjectTree.root)/ucaptcha.sqlite")
        #expect(configuration.plugins.directory == "\(ProjectTree.root)/plugins")
    }

    @Test("The example names every key, and what it has commented out is accepted too")
    func exampleIsComplete() throws {
        let text = ExampleFile.withoutCommenting(try ProjectTree.text(of: "ucaptcha.example.yaml"))
        let configuration = try Configuration(yaml: text, file: "/etc/ucaptcha.yaml")
        let adapter = try #require(configuration.adapters.first { $0.name == "2captcha" })
        #expect(adapter.plugin == "2captcha")
        #expect(adapter.keys.count == 2)
        #expect(adapter.prices.count == 1)
        #expect(adapter.sha256?.count == 64)

        let document = try ConfigurationDocument(text, file: "/etc/ucaptcha.yaml")
        for key in ConfigurationKey.all {
            #expect(document.node(at: key.components("2captcha")) != nil, "\(key.path) is not in the example")
        }
    }

    @Test("The default that is shown of a key is the one that holds", arguments: ConfigurationKey.all)
    func shownDefaultsHold(key: ConfigurationKey) throws {
        let bare = try Configuration(yaml: "adapters: {native: {}}", file: "/etc/ucaptcha.yaml")
        guard key.fallback == key.example else { return }
        var parts = key.components("native")
        let last = parts.removeLast()
        let text = "{adapters: {native: {}}}"
        let line = parts.reversed().reduce("{\(last): \(key.example)}") { "{\($1): \($0)}" }
        let explicit = try Configuration(
            yaml: parts.first == "adapters" ? line : String(text.dropLast()) + ", " + line.dropFirst(),
            file: "/etc/ucaptcha.yaml")
        #expect(explicit == bare)
    }

    @Test("Every key is described in full sentences")
    func sentences() {
        for key in ConfigurationKey.all {
            #expect(key.sentence.hasSuffix("."), "\(key.path)")
            #expect(key.sentence.first?.isUppercase == true, "\(key.path)")
            #expect(!key.type.isEmpty && !key.fallback.isEmpty && !key.example.isEmpty, "\(key.path)")
        }
        #expect(Set(ConfigurationKey.all.map(\.path)).count == ConfigurationKey.all.count)
    }

    @Test("A document that differs from its source is reported with what to do")
    func differenceIsReported() throws {
        let problem = try TidyDocument("docs/no-such-file.md").difference(from: "text", writing: false)
        #expect(problem == "docs/no-such-file.md is not what the source says. Run `make docs` and commit the file.")
        let unmarked = try TidyDocument("Package.swift", markers: ("<!-- nowhere -->", "<!-- either -->")).difference(
            from: "", writing: false)
        #expect(unmarked?.contains("lacks the lines") == true)
    }
}
