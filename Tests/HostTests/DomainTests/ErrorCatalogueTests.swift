import Domain
import TestSupport
import Testing

@Suite("The error catalogue")
struct ErrorCatalogueTests {
    @Test("The committed table of errors is what the catalogue makes of it")
    func documentIsUpToDate() throws {
        let problem = try TidyDocument("docs/errors.md").difference(from: ErrorTable.rendered)
        #expect(problem == nil, "\(problem ?? "")")
    }

    @Test("Codes and labels are unique and short")
    func unique() {
        #expect(Set(ErrorCode.allCases.map(\.rawValue)).count == ErrorCode.allCases.count)
        #expect(Set(ErrorCode.allCases.map(\.label)).count == ErrorCode.allCases.count)
        for code in ErrorCode.allCases {
            #expect(code.rawValue.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F }, "\(code)")
            #expect((1...40).contains(code.label.utf8.count), "\(code)")
            #expect(code.label.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }, "\(code)")
        }
    }

    @Test("A label is the code in lower case without its first word")
    func labels() {
        #expect(ErrorCode.keyDoesNotExist.label == "key_does_not_exist")
        #expect(ErrorCode.noProviders.label == "no_providers_available")
        #expect(ErrorCode.taskNotSupported.label == "task_not_supported")
    }

    @Test("Every sentence is one that ends with a full stop")
    func sentences() {
        for code in ErrorCode.allCases {
            #expect(code.sentence.hasSuffix("."), "\(code)")
            #expect((20...160).contains(code.sentence.count), "\(code)")
        }
    }

    @Test(
        "The documented statuses are kept",
        arguments: [
            (.keyDoesNotExist, 401), (.zeroBalance, 402), (.badParameters, 400), (.badProxy, 400),
            (.ipNotAllowed, 403), (.tooManyRequests, 429), (.unsolvable, 200), (.wrongTaskID, 404),
            (.taskNotSupported, 400), (.idempotencyKeyReused, 409),
        ] as [(ErrorCode, Int)])
    func statuses(code: ErrorCode, status: Int) {
        #expect(code.httpStatus == status)
    }

    @Test("Every status is one that HTTP knows", arguments: ErrorCode.allCases)
    func knownStatuses(code: ErrorCode) {
        #expect([200, 400, 401, 402, 403, 404, 405, 408, 409, 413, 429, 500, 503].contains(code.httpStatus))
    }

    @Test("An error says the field, then what is special about it, else what the catalogue says")
    func clientErrors() {
        let sentence = ErrorCode.badParameters.sentence
        #expect(ClientError(.badParameters).description == sentence)
        #expect(ClientError(.badParameters, field: "task.type").description == "task.type: \(sentence)")
        #expect(ClientError(.badParameters, field: "a", "It is empty.").description == "a: It is empty.")
        #expect(ClientError(.badParameters, "It is empty.").description == "It is empty.")
    }
}

/// docs/errors.md, made from the catalogue.
private enum ErrorTable {
    static var rendered: String {
        let rows = ErrorCode.allCases.map { code in
            "| `\(code.rawValue)` | \(code.httpStatus) | `\(code.label)` | \(code.sentence) |"
        }
        return """
            # Errors

            <!-- Made from the source by `make docs`. -->

            What a client can be told. An answer with an error has `errorId` 1, the code as `errorCode`, and as
            `errorDescription` a sentence: the field that it is about, where there is one, and what is wrong with it, or
            else the sentence given here.

            The status is that of the dialect `ucaptcha` and of the calls under `/v1`. In the dialects of other services
            errors come with HTTP 200, because their clients read the body alone, and some codes have the name that they
            have there: [dialects.md](dialects.md). The label is the value of `code` in metrics.

            | Code | Status | Label | What it says |
            | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            """
    }
}
