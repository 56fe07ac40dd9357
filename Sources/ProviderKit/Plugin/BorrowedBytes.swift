public import CProviderABI

extension ucaptcha_bytes {
    /// The bytes, for as long as the contract lends them.
    public var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: data, count: data == nil ? 0 : count) }
}

extension [UInt8] {
    /// Lends the bytes to a C function for the time of one call.
    public func withBytes<Result>(_ body: (ucaptcha_bytes) throws -> Result) rethrows -> Result {
        try withUnsafeBufferPointer { try body(ucaptcha_bytes(data: $0.baseAddress, count: $0.count)) }
    }
}
