import Domain
import Foundation
import Testing

@testable import Config

@Suite("References to secrets")
struct SecretTests {
    static let secret = "c0ffee1234567890c0ffee1234567890"

    @Test(
        "A key that stands where a reference belongs is refused and not repeated",
        arguments: [
            "adapters: {a: {keys: [SECRET]}}", "adapters: {a: {keys: SECRET}}", "adapters: {a: {keys: ['SECRET']}}",
            "adapters: {a: {keys: {SECRET: SECRET}}}", "adapters: {a: {keys: [{key: SECRET}]}}",
            "adapters: {a: {keys: [[SECRET]]}}", "adapters: {a: {keys: ['env:x SECRET']}}",
            "adapters: {a: {keys: ['ENV:SECRET']}}", "adapters: {a: {keys: {SECRET: 1, SECRET: 2}}}",
            "adapters: {a: {key: SECRET}}", "adapters: {a: {keys: [SECRET, \"unclosed]}}", "adapters: SECRET",
            "adapters: {a: {endpoint: SECRET, sha256: SECRET, plugin: SECRET-, enabled: SECRET}}",
            "adapters: {a: {prices: {altcha: SECRET}}}", "server: {port: SECRET, host: 'SECRET SECRET'}",
            "adapters: {a: {keys: ['*SECRET']}}", "adapters: {a: {keys: [*SECRET]}}",
            "adapters: {a: {keys: [!SECRET x]}}", "vault: {masterKey: SECRET}", "vault: {masterKey: [SECRET]}",
            "vault: SECRET", "vault: {masterKey: {SECRET: SECRET}}",
        ])
    func literalKeys(text: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(text.replacingOccurrences(of: "SECRET", with: SecretTests.secret))
        }
        #expect(error?.description.contains(SecretTests.secret) == false, "\(error?.description ?? "")")
    }

    @Test("A key that stands where a reference belongs is answered with what to do about it")
    func advice() {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration("adapters:\n  a:\n    keys:\n      - env:OK\n      - \(SecretTests.secret)")
        }
        #expect(error?.problems.first?.line == 5)
        #expect(error?.problems.first?.key == "adapters.a.keys")
        #expect(error?.description.contains("write env:NAME or file:PATH here") == true)
    }

    @Test("The same reference twice in a list is refused")
    func twice() {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration("adapters: {a: {keys: [env:A, env:A]}}")
        }
        #expect(error?.description.contains("1:30: adapters.a.keys: This reference is in the list already.") == true)
    }

    @Test(
        "Only env:NAME and file:PATH are references",
        arguments: [
            "", "env:", "file:", "env", "ENV:A", "env:1A", "env:A-B", "env: A", "vault:x", "env:A\n", "file:a\0b",
        ])
    func noReferences(text: String) {
        #expect(SecretReference(text, relativeTo: "/") == nil)
    }

    @Test("A variable is taken as it is")
    func variable() throws {
        let reference = try #require(SecretReference("env:KEY_1", relativeTo: "/"))
        #expect(try reference.resolve(environment: ["KEY_1": "abc"]) == Array("abc".utf8))
        #expect(reference.description == "env:KEY_1")
    }

    @Test("A variable that is missing or cannot be a key is refused, naming the reference alone")
    func badVariables() throws {
        let reference = try #require(SecretReference("env:KEY", relativeTo: "/"))
        let cases: [(environment: [String: String], part: String)] = [
            ([:], "not set"), (["KEY": ""], "empty"), (["KEY": "secret\nsecret"], "several lines"),
            (["KEY": String(repeating: "secret", count: 683)], "longer than 4096 bytes"),
        ]
        for (environment, part) in cases {
            let error = #expect(throws: SecretError.self) { try reference.resolve(environment: environment) }
            #expect(error?.description.hasPrefix("env:KEY: ") == true)
            #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test("A file gives its content without the newline at its end")
    func files() throws {
        try withFolder { folder in
            let longest = String(repeating: "k", count: Limits.secretBytes)
            let contents = [
                "abc": "abc", "abc\n": "abc", "abc\r\n": "abc", " a b \n": " a b ", longest + "\r\n": longest,
            ]
            for (content, key) in contents {
                try Data(content.utf8).write(to: folder.appending(path: "key"))
                let reference = try #require(SecretReference("file:key", relativeTo: folder.path))
                #expect(try reference.resolve(environment: [:]) == Array(key.utf8))
                let absolute = try #require(SecretReference("file:\(folder.path)/key", relativeTo: "/nowhere"))
                #expect(try absolute.resolve(environment: [:]) == Array(key.utf8))
            }
        }
    }

    @Test("A file that is missing or holds no key is refused, naming the reference alone")
    func badFiles() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(
                at: folder.appending(path: "folder"), withIntermediateDirectories: true)
            let contents = [
                "empty": "", "newline": "\n", "two": "secret\nsecret\n", "long": String(repeating: "s", count: 4097),
                "huge": String(repeating: "s", count: 100_000),
            ]
            for (name, content) in contents { try Data(content.utf8).write(to: folder.appending(path: name)) }
            let parts = [
                "empty": "empty", "newline": "empty", "two": "several lines", "long": "longer than 4096 bytes",
                "huge": "larger than", "missing": "no such file", "folder": "no regular file",
            ]
            for (name, part) in parts {
                let reference = try #require(SecretReference("file:\(name)", relativeTo: folder.path))
                let error = #expect(throws: SecretError.self) { try reference.resolve(environment: [:]) }
                #expect(error?.description.hasPrefix("file:\(name): ") == true)
                #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
                #expect(error?.description.contains("secret") == false)
            }
        }
    }
}
