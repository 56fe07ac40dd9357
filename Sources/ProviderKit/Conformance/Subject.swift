import CProviderABI
import ProviderKit

/// The plug-in under test: its table, read as the host reads it.
struct Subject: @unchecked Sendable {
    typealias Start = @convention(c) (UnsafeMutableRawPointer?, UInt64, ucaptcha_bytes) -> Void

    let manifest: Manifest
    let starts: [Operation: Start]
    let cancel: (@convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void)?
    let host: ScriptedHost
    let instance: UnsafeMutableRawPointer
    /// Where the operator says that the provider is.
    let endpoint: String?

    /// The key's placeholder in every call.
    static let credential = Credential(placeholder: "ucred_00112233445566778899aabbccddeeff")

    /// Why there is no instance.
    struct Refusal: Error {
        let reason: String
    }

    /// Makes an instance of the plug-in.
    ///
    /// - Throws: `Refusal` with the plug-in's own sentence.
    init(_ table: UnsafePointer<ucaptcha_plugin>, _ manifest: Manifest, endpoint: String?) throws(Refusal) {
        guard let ability = table.pointee.ability, let create = table.pointee.create else {
            throw Refusal(reason: "A function is missing in its table.")
        }
        self.manifest = manifest
        self.endpoint = endpoint
        var starts: [Operation: Start] = [:]
        for operation in Operation.allCases {
            let found = ability(operation.identifier)?.assumingMemoryBound(to: ucaptcha_operation.self)
            if let start = found?.pointee.start { starts[operation] = start }
        }
        self.starts = starts
        cancel = ability(UCAPTCHA_ABILITY_CANCEL)?.assumingMemoryBound(to: ucaptcha_cancellation.self).pointee.cancel
        let host = ScriptedHost()
        self.host = host
        let settings = AdapterSettings(name: "checked", endpoint: endpoint).bytes
        let made = settings.withBytes { bytes in
            create(ScriptedHostTable.make(for: host), bytes, Unmanaged.passUnretained(host).toOpaque()) {
                ScriptedHost.from($0)?.refused($1)
            }
        }
        guard let made else {
            throw Refusal(reason: host.gate.locked { host.refusal } ?? "It gives no reason.")
        }
        instance = made
    }

    /// Begins a call; nil for an operation that the plug-in does not have.
    func begin(_ request: OperationRequest, _ script: @escaping ScriptedHost.Script) -> ScriptedHost.Record? {
        begin(request.operation, request.bytes, script)
    }

    func begin(
        _ operation: Operation, _ request: [UInt8], _ script: @escaping ScriptedHost.Script
    ) -> ScriptedHost.Record? {
        guard let start = starts[operation] else { return nil }
        return host.start(start, operation.rawValue, instance, request, script)
    }

    func cancel(_ record: ScriptedHost.Record) { host.cancel(record, cancel, instance) }

    // MARK: Requests

    /// A request for every operation that the plug-in has.
    var requests: [OperationRequest] {
        let family = manifest.offers.first?.family ?? .altcha
        let ticket = Ticket(id: "4711", family: family, credential: credential)
        var requests: [OperationRequest] = [
            .validate(Subject.credential), .balance(Subject.credential), submit(family, Subject.fields), .poll(ticket),
            .report(ticket, accepted: false),
        ]
        // An adapter that fetches an address of the client's is asked to.
        for field in manifest.addressFields {
            var fields = Subject.fields
            fields["challengeJSON"] = nil
            fields[field] = "https://client.example/challenge"
            requests.append(submit(family, fields))
        }
        return requests.filter { starts[$0.operation] != nil }
    }

    /// The credential of a call; nil for a provider without keys.
    var credential: Credential? { manifest.key == nil ? nil : Subject.credential }

    func submit(_ family: TaskFamily, _ fields: JSONObject) -> OperationRequest {
        .submit(TaskRequest(family: family, fields: fields, credential: credential, secondsLeft: 100))
    }

    /// Fields of all families at once, each such that a vendor would take it.
    static let fields: JSONObject = [
        "websiteURL": "https://example.com/login", "websiteKey": "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-",
        "websitePublicKey": "69A21A01-CC7B-B9C6-0F9A-E7FA06677FFC", "captchaId": "54088bb07d2df3c46b79f80300b0abbe",
        "gt": "81388ea1fc187e0c335c0a8907ff2625", "challenge": "12345678abc90123d45678ef90123a456b",
        "body": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "comment": "Type what you see.",
        "userAgent": "Mozilla/5.0", "proxyType": "http", "proxyAddress": "192.0.2.1", "proxyPort": 8080,
        "proxyLogin": "user", "proxyPassword": "password", "appId": "190014885", "pageAction": "login",
        "challengeJSON": [
            "algorithm": "SHA-256", "challenge": "a1c86cc4bc0ebfe7b0bbcbcd3bd1a1b0fd80d1f27d7ad4b7a7b4ccb7c8dcf2a3",
            "salt": "0123456789abcdef", "signature": "00", "maxnumber": 10,
        ],
    ]
}
