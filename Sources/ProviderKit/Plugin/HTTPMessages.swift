import FoundationEssentials

/// HTTP exchanges of adapters as they cross the boundary. Both sides use it.

extension HTTPRequest {
    public var crossingBytes: [UInt8] {
        var object: JSONObject = [
            "method": .string(method), "url": .string(url), "headers": headers.crossing,
            "timeoutSeconds": JSONValue(seconds: timeoutSeconds),
        ]
        object["addressField"] = addressField.map { .string($0) }
        object.append(body: body)
        return JSONValue.object(object).bytes
    }

    /// - Throws: `MessageError`.
    public init(crossing bytes: some Sequence<UInt8>) throws(MessageError) {
        let value = try JSONValue(crossing: bytes)
        self.init(
            method: try (value["method"]?.string).required("method"), url: try (value["url"]?.string).required("url"),
            headers: try [HTTPRequest.Header](crossing: value["headers"]), body: try value.body(),
            timeoutSeconds: value["timeoutSeconds"]?.double ?? 30, addressField: value["addressField"]?.string)
    }
}

/// What the HTTP service answers.
public enum HTTPReply: Sendable, Hashable {
    case response(HTTPResponse)
    case failure(HTTPFailure)

    public var bytes: [UInt8] {
        switch self {
        case .response(let response):
            var object: JSONObject = [
                "status": .number(JSONNumber(response.status)), "headers": response.headers.crossing,
            ]
            object.append(body: response.body)
            return JSONValue.object(object).bytes
        case .failure(let failure):
            return JSONValue.object([
                "failure": [
                    "kind": .string(failure.kind.rawValue), "sent": .string(failure.sent.rawValue),
                    "message": .string(failure.message),
                ]
            ]).bytes
        }
    }

    /// - Throws: `MessageError`.
    public init(crossing bytes: some Sequence<UInt8>) throws(MessageError) {
        let value = try JSONValue(crossing: bytes)
        if let failure = value["failure"] {
            self = .failure(
                HTTPFailure(
                    try (failure["kind"]?.string).flatMap(HTTPFailure.Kind.init(rawValue:)).required("failure.kind"),
                    sent: try (failure["sent"]?.string).flatMap(HTTPFailure.Sent.init(rawValue:))
                        .required("failure.sent"),
                    failure["message"]?.string ?? ""))
            return
        }
        self = .response(
            HTTPResponse(
                status: Int(truncatingIfNeeded: try (value["status"]?.integer).required("status")),
                headers: try [HTTPRequest.Header](crossing: value["headers"]), body: try value.body()))
    }
}

extension [HTTPRequest.Header] {
    fileprivate var crossing: JSONValue { .array(map { [.string($0.name), .string($0.value)] }) }

    fileprivate init(crossing value: JSONValue?) throws(MessageError) {
        self = []
        for pair in value?.array ?? [] {
            guard let texts = pair.array, texts.count == 2, let name = texts[0].string, let text = texts[1].string
            else {
                throw MessageError("headers: not a pair of texts")
            }
            append(HTTPRequest.Header(name, text))
        }
    }
}

extension JSONObject {
    /// A body that is UTF-8 crosses as text, any other as base64.
    fileprivate mutating func append(body: [UInt8]) {
        guard !body.isEmpty else { return }
        if let text = String(validating: body, as: UTF8.self) {
            self["body"] = .string(text)
        } else {
            self["bodyBase64"] = .string(Data(body).base64EncodedString())
        }
    }
}

extension JSONValue {
    fileprivate func body() throws(MessageError) -> [UInt8] {
        if let text = self["body"]?.string { return Array(text.utf8) }
        guard let text = self["bodyBase64"]?.string else { return [] }
        guard let data = Data(base64Encoded: text) else { throw MessageError("bodyBase64 is not base64") }
        return Array(data)
    }
}
