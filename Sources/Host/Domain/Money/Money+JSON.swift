public import ProviderKit

extension Money {
    /// The amount in USD as a JSON number, exact: `0.0002`.
    public var json: JSONValue {
        // The text of an amount is always of JSON's grammar.
        (try? JSONValue(parsing: description)) ?? .null
    }
}
