import Domain

/// A path that may begin with the name of a dialect: `/capsolver/createTask`.
struct DialectPath: Sendable, Hashable {
    /// The dialect that it names; nil when it names none.
    let dialect: ClientDialect?
    /// The rest, with the slash that it begins with.
    let rest: Substring

    /// - Parameter path: a normalised path.
    init(_ path: String) {
        let behind = path.dropFirst()
        guard let slash = behind.firstIndex(of: "/"), let named = ClientDialect(anyCase: String(behind[..<slash]))
        else {
            dialect = nil
            rest = path[...]
            return
        }
        dialect = named
        rest = behind[slash...]
    }
}
