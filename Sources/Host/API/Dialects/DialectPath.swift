import Domain

/// A path that may begin with the name of a dialect: `/capsolver/createTask`.
struct DialectPath: Sendable, Hashable {
    /// The dialect that it names; nil when it names none.
    let dialect: ClientDialect?
    /// The rest, with the slash that it begins with.
    let rest: String

    /// - Parameter path: a normalised path.
    init(_ path: String) {
        // By bytes: each request comes by here.
        let bytes = path.utf8
        guard let slash = bytes.dropFirst().firstIndex(of: UInt8(ascii: "/")),
            let named = ClientDialect(anyCase: String(path[..<slash].dropFirst()))
        else {
            dialect = nil
            rest = path
            return
        }
        dialect = named
        rest = String(path[slash...])
    }
}
