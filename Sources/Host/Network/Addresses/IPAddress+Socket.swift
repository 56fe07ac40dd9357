public import Domain
internal import Glibc

extension IPAddress {
    /// Reads the address out of a `sockaddr`; nil when it is of another family or cut short.
    public init?(socketAddress bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<sa_family_t>.size else { return nil }
        switch Int32(bytes.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET where bytes.count >= MemoryLayout<sockaddr_in>.size:
            // Family and port come first, 2 bytes each.
            self = .v4(bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) })
        case AF_INET6 where bytes.count >= MemoryLayout<sockaddr_in6>.size:
            // Family, port and flow come first: 2, 2 and 4 bytes.
            self = .v6(bytes[8..<24].reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }
}
