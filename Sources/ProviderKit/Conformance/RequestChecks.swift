import FoundationEssentials
import ProviderKit

/// An origin: scheme, host in lower case, port.
struct Place: Hashable {
    let text: String

    /// The origin of a URL.
    init?(url: String) {
        guard let scheme = ["https://", "http://"].first(where: url.hasPrefix) else { return nil }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }.lowercased()
        guard !authority.isEmpty, !authority.contains("@"), !authority.hasPrefix(":") else { return nil }
        let hasPort = authority.split(separator: ":").count > 1 && !authority.hasSuffix("]")
        text = scheme + authority + (hasPort ? "" : scheme == "https://" ? ":443" : ":80")
    }

    /// An origin as a manifest declares it, with nothing behind it.
    init?(origin: String) {
        guard let place = Place(url: origin), !origin.dropFirst(8).contains("/"), !origin.contains("?"),
            !origin.contains("#")
        else { return nil }
        self = place
    }
}

/// Looks at what a plug-in sends as the host does before it fills in a key.
struct RequestChecks {
    private let places: Set<Place>
    private let addressFields: Set<String>

    private static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
    private static let hostsOwn: Set<String> = [
        "host", "connection", "keep-alive", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect",
        "proxy-authorization", "proxy-connection",
    ]

    init(_ subject: Subject) {
        places = Set((subject.manifest.origins + [subject.endpoint].compactMap(\.self)).compactMap(Place.init(url:)))
        addressFields = Set(subject.manifest.addressFields)
    }

    /// What is wrong with a request: sentences.
    func problems(of bytes: [UInt8]) -> [String] {
        let request: HTTPRequest
        do {
            request = try HTTPRequest(crossing: bytes)
        } catch {
            return ["A request is not of the contract: \(error)."]
        }
        var problems: [String] = []
        if !RequestChecks.methods.contains(request.method) { problems.append("The method \(request.method) is none.") }
        let names = request.headers.map { $0.name.lowercased() }
        for name in names where RequestChecks.hostsOwn.contains(name) {
            problems.append("The header `\(name)` is the host's to set.")
        }
        if names.count(where: { $0 == "content-type" }) > 1 { problems.append("A request has two content types.") }
        if request.headers.count > 64 { problems.append("A request has more than 64 headers.") }
        if !(0.1...120).contains(request.timeoutSeconds) {
            problems.append("timeoutSeconds is \(request.timeoutSeconds); it has to be 0.1...120.")
        }
        if let field = request.addressField {
            problems += address(request, field)
        } else {
            problems += vendor(request)
        }
        return problems
    }

    private func address(_ request: HTTPRequest, _ field: String) -> [String] {
        var problems: [String] = []
        if !addressFields.contains(field) { problems.append("addressField `\(field)` is not in the manifest.") }
        if request.method != "GET" || !request.body.isEmpty {
            problems.append("A client's address is fetched with GET, without a body.")
        }
        if contains(request, "ucred_") { problems.append("A key is sent to an address that a client chose.") }
        return problems
    }

    private func vendor(_ request: HTTPRequest) -> [String] {
        guard let place = Place(url: request.url) else { return ["A URL is no http or https URL."] }
        guard places.contains(place) else {
            let key = contains(request, "ucred_") ? ", and a key with it" : ""
            return ["A request goes to \(place.text), which the manifest does not declare\(key)."]
        }
        let text = texts(of: request).joined(separator: "\n")
        let placeholders = text.components(separatedBy: "ucred_").count - 1
        let own = text.components(separatedBy: Subject.credential.placeholder).count - 1
        return placeholders == own ? [] : ["A placeholder does not stand as it was given."]
    }

    private func contains(_ request: HTTPRequest, _ word: String) -> Bool {
        texts(of: request).contains { $0.contains(word) }
    }

    private func texts(of request: HTTPRequest) -> [String] {
        [request.url, String(decoding: request.body, as: UTF8.self)] + request.headers.flatMap { [$0.name, $0.value] }
    }
}
