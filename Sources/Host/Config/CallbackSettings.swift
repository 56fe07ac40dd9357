import Domain

extension Setting<Bool> {
    static let callbacksEnabled = Setting(
        "callbacks.enabled", .boolean, default: true, shown: "true",
        """
        Whether clients may have an address called when their tasks end. Without, callbackUrl is refused, and what was \
        not delivered before waits.
        """)
}

extension Setting<[IPRange]> {
    static let callbacksAllowAddresses = Setting(
        "callbacks.allowAddresses", .ranges(most: Limits.callbackRanges), default: { _ in [] }, shown: "none",
        example: "[10.20.0.0/16, \"fd00::/8\"]",
        """
        Addresses and ranges that callbacks may go to beside the public ones: those of clients in networks of your \
        own. Every client can then have the host send requests there.
        """)
}
