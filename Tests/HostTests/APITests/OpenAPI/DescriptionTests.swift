import ProviderKit
import TestSupport
import Testing

@testable import API
@testable import Domain

/// The description says what the calls read, not more and not less.
@Suite("The description and what it describes")
struct DescriptionTests {
    private let operations = ReferenceOperation.all(of: OpenAPIDocument.value)
    /// Those whose bodies are read by a list of members.
    private let listed = ReferenceOperation.all(of: OpenAPIDocument.value).filter { $0.tag != DeathByCaptchaPaths.name }

    @Test("Every call of every dialect for JSON is described")
    func everyCall() {
        // What the account's figures are asked with is no JSON: it belongs to res.php.
        let elsewhere: Set<APICall> = [.accountFigures, .other]
        let described = Set(TaskCall.all.map(\.call.call) + V1Endpoint.all.map(\.call))
        #expect(described == Set(APICall.allCases).subtracting(elsewhere))
        for endpoint in V1Endpoint.all {
            #expect(
                operations.contains { $0.method == endpoint.method && $0.path == endpoint.path.text },
                "\(endpoint.path.text)")
        }
    }

    @Test("A call under /v1 knows the parameters that are described, and refuses every other")
    func queries() async throws {
        try await withClientServer(account: try AccountDocumentationTests.account()) { server in
            for operation in operations where operation.path.hasPrefix("/v1/") {
                let described = operation.parameters(in: "query")
                let (path, body) = (operation.exampleTarget.prefix { $0 != "?" }, operation.exampleBodies.first ?? "")
                let got = try await server.send(
                    operation.method, "\(path)?nosuch=1", key: FakeService.manageKey, body: body)
                let answer = try JSONValue(parsing: got.body)
                #expect(got.status == 400 && answer["errorCode"] == "ERROR_BAD_PARAMETERS", "\(operation.path)")
                let known = answer["errorDescription"]?.string ?? ""
                #expect(known.contains("Those it knows: \(described.joined(separator: ", "))."), "\(known)")
                for name in described {
                    let empty = try await server.send(
                        operation.method, "\(path)?\(name)=", key: FakeService.manageKey, body: body)
                    #expect(empty.status == 200, "\(operation.path) \(name)")
                }
            }
        }
    }

    @Test("Of each example only what is required is missed when it is missing")
    func required() async throws {
        for operation in listed {
            guard let schema = operation.bodySchema, let body = operation.exampleBodies.first else { continue }
            let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
            let members = try #require(try JSONValue(parsing: body).object).members
            #expect(required.isSubset(of: members.map(\.name)), "\(operation.path)")
            for left in members {
                let rest = JSONObject(members.filter { $0.name != left.name })
                let isRefused = try await refuses(operation, .object(rest))
                #expect(isRefused == required.contains(left.name), "\(operation.path) without \(left.name)")
            }
        }
    }

    @Test("What a call reads is what is described: nothing else in a body changes its answer")
    func unread() async throws {
        let all = Set(BodyMember.allCases.map(\.rawValue))
        for operation in listed {
            guard let schema = operation.bodySchema, let body = operation.exampleBodies.first else { continue }
            let described = schema["properties"]?.object?.members.map(\.name) ?? []
            #expect(all.isSuperset(of: described))
            var members = try #require(try JSONValue(parsing: body).object)
            // No member can be an array, so that whoever looks at one says so.
            for name in all.subtracting(described) { members[name] = [] }
            let isClosed = schema["additionalProperties"] == false
            #expect(isClosed == operation.path.hasPrefix("/v1/"))
            #expect(try await refuses(operation, .object(members)) == isClosed, "\(operation.path)")
        }
    }

    @Test("A described member is read: one that cannot be what it holds is refused")
    func read() async throws {
        // Nobody reads what these hold.
        let signs = Set((DialectSigns.antiCaptchaMembers + DialectSigns.capSolverMembers).map(\.rawValue))
        for operation in listed {
            guard let schema = operation.bodySchema, let body = operation.exampleBodies.first else { continue }
            for member in schema["properties"]?.object?.members ?? [] where !signs.contains(member.name) {
                // The language is handed on only where it is text.
                guard member.name != BodyMember.languagePool.rawValue else { continue }
                var members = try #require(try JSONValue(parsing: body).object)
                members[member.name] = []
                #expect(try await refuses(operation, .object(members)), "\(operation.path) \(member.name)")
            }
        }
    }

    @Test("A call that reads the header Idempotency-Key is described with it, and no other")
    func idempotencyKey() async throws {
        let long = String(repeating: "k", count: Limits.idempotencyKeyBytes + 1)
        try await withClientServer(
            FakeService(route: try ExampleRoute.make()), account: try AccountDocumentationTests.account()
        ) { server in
            for operation in operations {
                let got = try await server.send(
                    operation.method, operation.exampleTarget, key: operation.headerKey,
                    body: operation.exampleBodies.first ?? "", headers: "Idempotency-Key: \(long)\r\n")
                let answer = try JSONValue(parsing: got.body)
                let isRefused = answer["errorId"] == 1 || answer["status"] == 255
                let isDescribed = operation.parameters(in: "header") == ["Idempotency-Key"]
                #expect(isRefused == isDescribed, "\(operation.path): \(got.body)")
            }
        }
    }

    @Test("Every header of a refusal that is one too many is described, under the status that it comes with")
    func tooMany() async throws {
        let usual: Set<String> = ["content-type", "content-length", "connection"]
        for operation in operations {
            let limiter = RateLimiter(requests: 1, seconds: 10, now: { .zero })
            try await withClientServer(access: ListenerAccess(rateLimiter: limiter)) { server in
                _ = try await server.send("GET", "/healthz", key: nil)
                let got = try await server.send(operation.method, operation.exampleTarget, key: operation.headerKey)
                let response = OpenAPIDocument.value.resolved(operation.json["responses"]?["\(got.status)"] ?? .null)
                let described = Set((response["headers"]?.object?.members ?? []).map { $0.name.lowercased() })
                #expect(got.headers["retry-after"] != nil)
                #expect(
                    Set(got.headers.keys).subtracting(usual).isSubset(of: described),
                    "\(operation.method) \(operation.path) \(got.status)")
            }
        }
    }

    @Test("Death By Captcha's calls are described by every path and method that there is, and by the types there are")
    func deathByCaptcha() throws {
        let described = Set(DeathByCaptchaCall.all.map { "\($0.method) \($0.path)" })
        let names = ["", "/captcha", "/user", "/status", "/{captcha}", "/captcha/{captcha}"].map { "/api\($0)" }
        for path in names + ["/api/{captcha}/report", "/api/captcha/{captcha}/report"] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                let isThere = DeathByCaptchaCall(method, path: path)?.methods.contains(method) ?? false
                #expect(described.contains("\(method) \(path)") == isThere, "\(method) \(path)")
            }
        }
        let submission = OpenAPIDocument.value["components"]?["schemas"]?["DeathByCaptchaSubmission"]
        let members = try #require(submission?["properties"]?.object)
        for (number, kind) in DeathByCaptchaKind.byNumber {
            let fields = kind.params.map { members[$0]?["properties"]?.object } ?? members
            for (parameter, _) in kind.fields.pairs {
                #expect(fields?[parameter] != nil, "\(number) \(parameter)")
            }
            #expect(TaskForm.all.contains { $0.names.contains { $0.spellings.contains(kind.type) } }, "\(kind.type)")
        }
    }

    @Test("A proxy is described in all of its parts, by every name, with types that are understood")
    func proxies() throws {
        for form in TaskForm.all {
            let schema = OpenAPIDocument.value["components"]?["schemas"]?[TaskSchemas.name(of: form)]
            let members = try #require(schema?["properties"]?.object)
            for part in ProxyPart.allCases {
                let described = members[part.names[0]]
                #expect((described != nil) == (form.proxy != .never), "\(form.family) \(part)")
                guard let described else { continue }
                let aliases = described["x-aliases"]?.array?.compactMap(\.string) ?? []
                #expect([part.names[0]] + aliases == part.names)
                for type in described["enum"]?.array?.compactMap(\.string) ?? [] {
                    #expect(ProxyText.type(type) == type)
                }
            }
        }
    }

    /// Whether the call is answered with an error when it is sent this.
    private func refuses(_ operation: ReferenceOperation, _ body: JSONValue) async throws -> Bool {
        let isAccount = operation.path.hasPrefix("/v1/")
        var isRefused = false
        try await withClientServer(account: try AccountDocumentationTests.account()) { server in
            // The header stands in for a key in the body.
            let got = try await server.send(
                operation.method, operation.exampleTarget,
                key: isAccount ? FakeService.manageKey : FakeService.key, body: body.text)
            isRefused = try JSONValue(parsing: got.body)["errorId"] == 1
        }
        return isRefused
    }
}
