import Domain
import ProviderKit

/// What an adapter's HTTP requests may be: checked, and the key put in, at the last moment.
struct RequestRules: Sendable {
    let origins: Set<Origin>
    let addressFields: Set<String>
    let credentials: any CredentialSource

    /// A request that may leave the host.
    struct Prepared {
        var request: HTTPRequest
        var transport: LentTransport
        /// Removes the key from the answer; nil when the call has none.
        var mask: KeyMask?
    }

    private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
    /// Those that say where a message goes or where it ends are the transport's alone.
    private static let forbiddenHeaders: Set<String> = [
        "host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect",
        "keep-alive", "proxy-authorization", "proxy-connection",
    ]
    private static let mostHeaders = 64

    /// - Parameter call: the request of the running call, whose credential and task it may use.
    /// - Throws: `HTTPFailure` of kind `refused`; nothing was sent.
    func prepare(_ original: HTTPRequest, for call: OperationRequest) throws(HTTPFailure) -> Prepared {
        var request = original
        try checkShape(request)
        request.timeoutSeconds =
            request.timeoutSeconds >= 0.1 ? min(request.timeoutSeconds, Limits.exchangeSeconds) : 0.1
        let placeholders = placeholders(in: request)
        if let field = request.addressField {
            try checkAddress(request, field, call, placeholders)
            return Prepared(request: request, transport: .clientAddress, mask: nil)
        }
        guard let origin = Origin(url: request.url), origins.contains(origin) else {
            throw refusal("The URL's origin is not one that the adapter's manifest or its endpoint declares.")
        }
        let own = call.placeholder
        guard placeholders.allSatisfy({ $0.elementsEqual((own ?? "").utf8) }) else {
            throw refusal("The request holds a placeholder that is not of this call's credential.")
        }
        guard let own else { return Prepared(request: request, transport: .vendor, mask: nil) }
        let mask = try credentials.withKey(for: own) { key throws(HTTPFailure) in
            if !placeholders.isEmpty { try fill(&request, own, key) }
            return KeyMask(key: key, placeholder: own)
        }
        guard mask != nil || placeholders.isEmpty else {
            throw refusal("The credential of this call is no longer there.")
        }
        return Prepared(request: request, transport: .vendor, mask: mask)
    }

    private func refusal(_ sentence: String) -> HTTPFailure {
        HTTPFailure(.refused, sent: .no, sentence)
    }

    private func checkShape(_ request: HTTPRequest) throws(HTTPFailure) {
        guard RequestRules.methods.contains(request.method) else {
            throw refusal("The method has to be GET, POST, PUT, PATCH, DELETE or HEAD.")
        }
        guard request.headers.count <= RequestRules.mostHeaders else { throw refusal("There are too many headers.") }
        for header in request.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(RequestRules.isTokenCharacter) else {
                throw refusal("A header's name has a character that is not allowed there.")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw refusal("The value of the header \(header.name) has a control character.")
            }
            guard !RequestRules.forbiddenHeaders.contains(header.name.lowercased()) else {
                throw refusal("The header \(header.name) is the host's to set.")
            }
        }
        guard request.headers.filter({ $0.name.lowercased() == "content-type" }).count <= 1 else {
            throw refusal("There is more than one content type.")
        }
    }

    private func checkAddress(
        _ request: HTTPRequest, _ field: String, _ call: OperationRequest, _ placeholders: Set<[UInt8]>
    ) throws(HTTPFailure) {
        guard addressFields.contains(field) else {
            throw refusal("The field \(quoted(field)) is not among the manifest's address fields.")
        }
        guard case .submit(let task) = call, task.fields[field]?.string == request.url else {
            throw refusal("The URL is not the value of the task's field \(field).")
        }
        guard request.method == "GET", request.body.isEmpty else {
            throw refusal("An address of a client is fetched with GET and without a body.")
        }
        guard placeholders.isEmpty else { throw refusal("A client's address is never sent a credential.") }
    }

    private func placeholders(in request: HTTPRequest) -> Set<[UInt8]> {
        var found = Placeholder.all(in: Array(request.url.utf8)).union(Placeholder.all(in: request.body))
        for header in request.headers {
            found.formUnion(Placeholder.all(in: Array(header.name.utf8)))
            found.formUnion(Placeholder.all(in: Array(header.value.utf8)))
        }
        return found
    }

    /// Puts the key where the placeholder is, escaped for its place. What is made of the key on the way is overwritten;
    /// the request itself goes to the transport.
    private func fill(
        _ request: inout HTTPRequest, _ placeholder: String, _ key: UnsafeRawBufferPointer
    ) throws(HTTPFailure) {
        let placeholder = Array(placeholder.utf8)
        var percent = KeyForm.percent(key)
        defer { percent.wipe() }
        request.url = RequestRules.replacing(placeholder, in: request.url, by: percent)
        for index in request.headers.indices {
            guard Placeholder.all(in: Array(request.headers[index].name.utf8)).isEmpty else {
                throw refusal("A header's name holds a placeholder.")
            }
            let value = request.headers[index].value
            guard value.contains(String(decoding: placeholder, as: UTF8.self)) else { continue }
            guard var form = KeyForm.header(key), String(validating: form, as: UTF8.self) != nil else {
                throw refusal("The key has characters that a header cannot hold.")
            }
            request.headers[index].value = RequestRules.replacing(placeholder, in: value, by: form)
            form.wipe()
        }
        let type = request.headers.first { $0.name.lowercased() == "content-type" }?.value.lowercased() ?? ""
        if type.contains("json") {
            guard var form = KeyForm.json(key) else { throw refusal("The key has bytes that JSON cannot hold.") }
            request.body = request.body.replacing(placeholder, by: form)
            form.wipe()
        } else if type.contains("x-www-form-urlencoded") {
            request.body = request.body.replacing(placeholder, by: percent)
        } else {
            var form = Array(key)
            request.body = request.body.replacing(placeholder, by: form)
            form.wipe()
        }
    }

    private static func replacing(_ placeholder: [UInt8], in text: String, by form: [UInt8]) -> String {
        var bytes = Array(text.utf8)
        guard !bytes.occurrences(of: placeholder).isEmpty else { return text }
        bytes = bytes.replacing(placeholder, by: form)
        defer { bytes.wipe() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension OperationRequest {
    /// The placeholder of the credential that this call may use.
    var placeholder: String? {
        switch self {
        case .validate(let credential), .balance(let credential): credential.placeholder
        case .submit(let task): task.credential?.placeholder
        case .poll(let ticket), .report(let ticket, _): ticket.credential?.placeholder
        }
    }
}
