public import Domain
public import ProviderKit

/// Which addresses clients may name for callbacks.
public struct CallbackRules: Sendable {
    private let isEnabled: Bool
    private let host: @Sendable (String) throws(HTTPFailure) -> String
    private let allows: @Sendable (IPAddress) -> Bool

    /// - Parameters:
    ///   - isEnabled: whether there are callbacks at all.
    ///   - host: the host of an address that can be sent to, read as it is read when it is sent to: in lower case, an
    ///     IPv6 address in brackets. Throws for any other address.
    ///   - allows: whether a callback may go to an address of the network.
    public init(
        isEnabled: Bool, host: @escaping @Sendable (String) throws(HTTPFailure) -> String,
        allows: @escaping @Sendable (IPAddress) -> Bool
    ) {
        self.isEnabled = isEnabled
        self.host = host
        self.allows = allows
    }

    /// Takes none.
    public static let disabled = CallbackRules(isEnabled: false, host: { $0 }, allows: { _ in false })

    /// Checks what a client has said.
    ///
    /// Where a name leads to is not looked at here: it is when the callback is sent, on the address of the connection,
    /// since a name may lead elsewhere by then.
    ///
    /// - Throws: `badParameters` with the field.
    func target(of callback: Callback) throws(ClientError) -> CallbackTarget {
        func refusal(_ sentence: String) -> ClientError {
            ClientError(.badParameters, field: callback.field, sentence)
        }
        guard isEnabled else {
            throw refusal("This service sends no callbacks. Leave it out, and ask for the result instead.")
        }
        guard callback.url.utf8.count <= Limits.callbackURLBytes else {
            throw refusal("An address has \(Limits.callbackURLBytes) bytes at most.")
        }
        var name: String
        do throws(HTTPFailure) { name = try host(callback.url) } catch { throw refusal(error.message) }
        // A dot at the end names the same host.
        while name.hasSuffix(".") { name.removeLast() }
        guard !name.isEmpty else { throw refusal("It names no host.") }
        if let address = CallbackRules.address(of: name), !allows(address) {
            throw refusal("Callbacks go to public addresses only.")
        }
        return CallbackTarget(url: callback.url, host: name, taskName: callback.taskName)
    }

    /// The address that a host is written as; nil for a name that has to be looked up.
    private static func address(of host: String) -> IPAddress? {
        if host == "localhost" || host.hasSuffix(".localhost") { return .v4(0x7F00_0001) }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        return IPAddress(isBracketed ? String(host.dropFirst().dropLast()) : host)
    }
}
