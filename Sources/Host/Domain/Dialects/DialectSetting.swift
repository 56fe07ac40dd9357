/// What an operator says of a dialect: one of them, or `auto`, which leaves it to each task.
public struct DialectSetting: RawRepresentable, CaseIterable, Sendable, Hashable {
    /// Nil for `auto`.
    public let dialect: ClientDialect?

    /// Each task shows it.
    public static let automatic = DialectSetting(nil)

    public init(_ dialect: ClientDialect?) {
        self.dialect = dialect
    }

    /// Nil for a name that is none.
    public init?(rawValue: String) {
        if rawValue == DialectSetting.automaticName {
            self.init(nil)
        } else if let dialect = ClientDialect(rawValue: rawValue) {
            self.init(dialect)
        } else {
            return nil
        }
    }

    public var rawValue: String { dialect?.rawValue ?? DialectSetting.automaticName }

    /// `auto`, then the dialects.
    public static var allCases: [DialectSetting] {
        [.automatic] + ClientDialect.allCases.map { DialectSetting($0) }
    }

    private static let automaticName = "auto"
}
