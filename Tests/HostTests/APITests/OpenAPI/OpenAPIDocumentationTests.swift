import Domain
import ProviderKit
import Tasks
import TestSupport
import Testing

@testable import API

@Suite("The description in OpenAPI")
struct OpenAPIDocumentationTests {
    private let document = OpenAPIDocument.value

    @Test("The committed description is what the source makes of it")
    func documentIsUpToDate() throws {
        let problem = try TidyDocument("docs/openapi.json").difference(from: OpenAPIDocument.value.pretty(columns: 118))
        #expect(problem == nil, "\(problem ?? "")")
    }

    @Test("Anybody is served the description, the page and its style, by GET and by HEAD alone")
    func served() async throws {
        try await withClientServer { server in
            for path in ["/openapi.json", "/reference", "/reference.css"] {
                let got = try await server.send("GET", path, key: nil)
                #expect(got.status == 200 && !got.body.isEmpty, "\(path)")
                #expect(got.headers["cache-control"] == "public, max-age=300")
                #expect(got.headers["x-content-type-options"] == "nosniff")
                let head = try await server.send("HEAD", path, key: nil)
                #expect(head.status == 200 && head.body.isEmpty)
                #expect(head.headers["content-length"] == got.headers["content-length"])
                #expect(try await server.send("POST", path, key: nil, body: "{}").status == 405)
            }
            let described = try await server.send("GET", "/openapi.json", key: nil)
            #expect(described.headers["content-type"] == "application/json")
            #expect(described.headers["access-control-allow-origin"] == "*")
            #expect(try JSONValue(parsing: described.body) == OpenAPIDocument.value)
        }
    }

    @Test("It has every call of the JSON dialects and every one under /v1, each once, and nothing else")
    func calls() throws {
        var wanted = Set(V1Endpoint.all.map { "\($0.method.lowercased()) \($0.path.text)" })
        for prefix in [""] + ClientDialect.allCases.map({ "/\($0.rawValue)" }) {
            for (path, _) in TaskCall.all { wanted.insert("post \(prefix)\(path)") }
        }
        for (method, path) in DeathByCaptchaCall.all { wanted.insert("\(method.lowercased()) \(path)") }
        let paths = try #require(document["paths"]?.object).members
        let there = paths.flatMap { path in (path.value.object?.members ?? []).map { "\($0.name) \(path.name)" } }
        #expect(Set(there) == wanted)
        #expect(there.count == wanted.count)
        let names = operations().compactMap { $0.json["operationId"]?.string }
        #expect(names.count == there.count && Set(names).count == names.count)
    }

    @Test("Every reference leads somewhere, and everything under components is referred to")
    func references() throws {
        let references = Set(strings(document, at: "$ref"))
        for reference in references {
            #expect(document.resolved(["$ref": .string(reference)]) != .null, "\(reference)")
        }
        for group in ["schemas", "responses", "parameters", "headers"] {
            for member in document["components"]?[group]?.object?.members ?? [] {
                #expect(references.contains("#/components/\(group)/\(member.name)"), "\(group) \(member.name)")
            }
        }
    }

    @Test("It has every code of every dialect, and every type of every family with what it requires")
    func vocabulary() throws {
        let words = Set(allTexts(document))
        for code in ErrorCode.allCases { #expect(words.contains(code.rawValue)) }
        for shape in ClientDialect.allCases.map({ AnswerShape($0) }) {
            for code in [String](shape.codes.values) + [String](shape.fieldCodes.values) {
                #expect(words.contains(code), "\(code)")
            }
        }
        for form in TaskForm.all {
            let schema = document["components"]?["schemas"]?[TaskSchemas.name(of: form)]
            let required = schema?["required"]?.array?.compactMap(\.string) ?? []
            #expect(Set(form.fields.filter(\.isRequired).map(\.name)).isSubset(of: required), "\(form.family)")
            for type in schema?["properties"]?["type"]?["enum"]?.array?.compactMap(\.string) ?? [] {
                #expect(throws: Never.self, "\(type)") { try TaskVocabulary.check(type: type) }
            }
        }
    }

    @Test("Every example is answered as it says, over HTTP")
    func examples() async throws {
        var count = 0
        for operation in operations() {
            for example in operation.examples {
                try await withExample(example, of: operation) { server in
                    let response = try await server.send(
                        operation.method, operation.exampleTarget, key: operation.headerKey,
                        body: example.sent == .null ? "" : example.sent.text)
                    let what = "\(operation.method) \(operation.exampleTarget) \(example.name): \(response.body)"
                    #expect((200...201).contains(response.status), "\(what)")
                    #expect(try JSONValue(parsing: response.body) == example.answer, "\(what)")
                }
                count += 1
            }
        }
        // Each call has one, createTask two, three where it may tell a solution, and what tells of a task three.
        let instant = ClientDialect.allCases.filter { !AnswerShape($0).instantTypes.isEmpty }.count
        let asking = DeathByCaptchaCall.all.count { $0.method == "GET" && $0.path.hasSuffix("{captcha}") }
        #expect(count == operations().count + 3 * (ClientDialect.allCases.count + 1) + 2 * asking + instant)
    }

    private func operations() -> [ReferenceOperation] { ReferenceOperation.all(of: document) }

    /// The texts of members of this name, wherever they are.
    private func strings(_ value: JSONValue, at name: String) -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member in
                member.name == name ? [member.value.string ?? ""] : strings(member.value, at: name)
            }
        case .array(let elements): elements.flatMap { strings($0, at: name) }
        default: []
        }
    }

    private func allTexts(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let object): object.members.flatMap { allTexts($0.value) }
        case .array(let elements): elements.flatMap { allTexts($0) }
        case .string(let text): [text]
        default: []
        }
    }
}

extension TaskVocabulary {
    /// A type is known when what is wrong with a task of it is its fields.
    fileprivate static func check(type: String) throws {
        do {
            _ = try understand(["type": .string(type)])
        } catch  where error.code == .taskNotSupported {
            throw error
        } catch {}
    }
}
