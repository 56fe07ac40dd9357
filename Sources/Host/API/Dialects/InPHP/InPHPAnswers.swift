import Domain
import NIOCore
import ProviderKit
import Tasks

/// How a request wants to be answered: as plain text without a line's end, or as JSON, and whether pages of other sites
/// may read it.
struct InPHPAnswers: Sendable {
    let isJSON: Bool
    let isForAllOrigins: Bool

    init(isJSON: Bool = false, isForAllOrigins: Bool = false) {
        self.isJSON = isJSON
        self.isForAllOrigins = isForAllOrigins
    }

    private static let names: Set<String> = ["json", "header_acao"]

    init(_ form: RequestForm) {
        self.init(isJSON: form.isSet("json"), isForAllOrigins: form.isSet("header_acao"))
    }

    /// As a query asks for whose request cannot be read as a whole.
    init(query: String) {
        self.init(RequestForm(query: query, only: InPHPAnswers.names))
    }

    /// As a request asks for that is not carried out, of which nothing else is read.
    init(refused request: ServerRequest) {
        if let form = try? RequestForm(request, only: InPHPAnswers.names) {
            self.init(form)
        } else {
            self.init(query: request.query)
        }
    }

    /// A task that was taken.
    func created(_ id: TaskID) -> ServerResponse {
        marked(.string(id.description))
    }

    /// A solution, with the price where that was asked for.
    func solution(_ value: JSONValue, price: Money?, userAgent: String?) -> ServerResponse {
        guard isJSON else {
            let text = value.string ?? value.text
            return plain("OK|" + text + (price.map { "|\($0)" } ?? ""))
        }
        var json: JSONObject = ["status": 1, "request": value]
        json["price"] = price.map { .string($0.description) }
        json["useragent"] = userAgent.map { .string($0) }
        return object(json)
    }

    /// Something that is not marked as a success in plain text: a balance, the word for a report.
    func word(_ text: String) -> ServerResponse {
        isJSON ? object(["status": 1, "request": .string(text)]) : plain(text)
    }

    /// What is JSON however it was asked for.
    func figures(_ more: JSONObject) -> ServerResponse {
        object(JSONObject([JSONObject.Member("status", 1)] + more.members))
    }

    /// An error, with what is wrong with a parameter where that is what it is about.
    func failure(_ code: InPHPCode, _ error: ClientError? = nil) -> ServerResponse {
        guard isJSON else { return plain(code.rawValue) }
        var json: JSONObject = ["status": 0, "request": .string(code.rawValue)]
        if let error, error.field != nil { json["error_text"] = .string(error.description) }
        return object(json)
    }

    private func marked(_ value: JSONValue) -> ServerResponse {
        isJSON ? object(["status": 1, "request": value]) : plain("OK|" + (value.string ?? value.text))
    }

    private func plain(_ text: String) -> ServerResponse {
        open(ServerResponse(text: text))
    }

    private func object(_ json: JSONObject) -> ServerResponse {
        var body = ByteBufferAllocator().buffer(capacity: 256)
        if json["status"] == 1 {
            HarmlessJSON.write(JSONValue.object(json).bytes, to: &body)
        } else {
            body.writeBytes(JSONValue.object(json).bytes)
        }
        return open(ServerResponse(body: body))
    }

    private func open(_ response: ServerResponse) -> ServerResponse {
        guard isForAllOrigins else { return response }
        var response = response
        response.headers.append((name: "access-control-allow-origin", value: "*"))
        return response
    }
}
