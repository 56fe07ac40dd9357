public import Domain

/// Which addresses a transport may connect to.
///
/// It is asked with the address of each connection that is about to be opened, after the name was resolved, so that a
/// name which changes its address between a check and the connection gains nothing.
public struct AddressPolicy: Sendable {
    private let rule: @Sendable (IPAddress) -> Bool

    /// A policy of one's own. `rule` is called on the transport's thread and must not block.
    public init(_ rule: @escaping @Sendable (IPAddress) -> Bool) {
        self.rule = rule
    }

    /// Whether a connection to this address may be opened.
    public func allows(_ address: IPAddress) -> Bool { rule(address) }

    /// Only addresses of the public Internet: see `IPAddress.isPublic`.
    public static let publicOnly = AddressPolicy { $0.isPublic }
    /// Public addresses, and those of the operator's own networks.
    public static func publicOr(_ ranges: [IPRange]) -> AddressPolicy {
        AddressPolicy { address in
            address.isPublic || ranges.contains { $0.contains(address.unmapped) }
        }
    }

    /// Any IPv4 or IPv6 address: for origins that the operator has chosen.
    public static let any = AddressPolicy { _ in true }
}
