import Domain

extension Setting<Margin> {
    static let pricingMargin = Setting(
        "pricing.margin", .margin, default: .zero, shown: "0",
        """
        What is added to the price of a provider that takes money, as a fraction of it: 0.1 for a tenth. A provider \
        without keys costs what its price says.
        """)
}

extension Setting<Money> {
    static let refundsDailyLimit = Setting(
        "refunds.dailyLimit", .amount, default: Money(decimal: "1") ?? .zero, shown: "1",
        """
        USD that one account is given back in one day, in UTC, for solutions that it reports as wrong. 0 gives \
        nothing back.
        """)
    static let recyclingDriftThreshold = Setting(
        "recycling.driftThreshold", .amount, default: Money(decimal: "1") ?? .zero, shown: "1",
        """
        USD by which what a provider deducted from a recycled key may differ from what was recorded. Beyond it the \
        key takes no tasks until `ucaptcha recycled-key resume`.
        """)
    static let recyclingPackageThreshold = Setting(
        "recycling.packageThreshold", .amount, default: Money(decimal: "10") ?? .zero, shown: "10",
        """
        USD that a recycled key may be credited while its balance does not tell what is deducted, since it pays from a \
        package. Beyond it the key takes no tasks until `ucaptcha recycled-key resume`.
        """)
}

extension Setting<Bool> {
    static let recyclingEnabled = Setting(
        "recycling.enabled", .boolean, default: true, shown: "true",
        """
        Whether accounts may hand over their keys at providers. It takes a vault. Keys that are there are used in \
        any case.
        """)
}

extension Setting<Int?> {
    static let recyclingTasksPerKey = Setting(
        "recycling.tasksPerKey", ValueType<Int>.integer(1...100_000).optional, default: { _ in nil },
        shown: "adapters.<name>.tasksPerKey", example: "10",
        """
        Tasks that may be open at the provider with one recycled key at once, where that is to be fewer than with \
        other keys of the adapter.
        """)
}

extension ValueType<Margin> {
    /// Read from the text of the file, so that no rounding comes in between.
    static var margin: ValueType {
        scalar("a decimal number from 0 to 10 with at most nine decimals", hint: "Such as 0.1 for a tenth.") {
            text, _ in Margin(decimal: text)
        }
    }
}

extension ValueType<Money> {
    /// Read from the text of the file, so that no rounding comes in between.
    static var amount: ValueType {
        scalar("USD: a decimal number, not negative, with at most nine decimals", hint: "Such as 0.5.") { text, _ in
            Money(decimal: text).flatMap { $0 >= .zero ? $0 : nil }
        }
    }
}
