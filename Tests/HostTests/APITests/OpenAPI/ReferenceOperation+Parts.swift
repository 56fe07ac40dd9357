import Domain
import ProviderKit
import Testing

@testable import API

/// Parts of a call's description, as tests look at it.
extension ReferenceOperation {
    /// The key that has to be in the header; nil where it may be elsewhere.
    var headerKey: String? {
        guard json["security"] == [["bearer": []]] else { return nil }
        return path.hasPrefix("/v1/") ? FakeService.manageKey : FakeService.key
    }

    /// What is sent; nil where nothing is.
    var bodySchema: JSONValue? {
        (json["requestBody"]?["content"]?["application/json"]?["schema"]).map { document.resolved($0) }
    }

    /// What the examples send.
    var exampleBodies: [String] {
        let examples = json["requestBody"]?["content"]?["application/json"]?["examples"]?.object?.members ?? []
        return examples.compactMap { $0.value["value"]?.text }
    }

    /// The names of the parameters in the query, or elsewhere.
    func parameters(in place: String) -> [String] {
        (json["parameters"]?.array ?? []).map { document.resolved($0) }
            .filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string }
    }
}

/// Runs a server that has what an example asks for.
func withExample(
    _ example: ReferenceOperation.Example, of operation: ReferenceOperation, _ body: (TestServer) async throws -> Void
) async throws {
    let service = FakeService(
        status: TaskCallExamples.status(of: example.name), family: .turnstile,
        balance: try #require(Money(decimal: "12.3456")), route: try ExampleRoute.make())
    let account = try AccountDocumentationTests.account(isRemoved: operation.method == "DELETE")
    try await withClientServer(service, account: account, body)
}
