/// What can stand in the query of a call under `/v1`. A call lists those that it knows; it is described by the list.
enum V1Parameter: Sendable, Hashable {
    /// How finely a time is told.
    enum Precision: Sendable, Hashable {
        case day, dayOrTime
    }

    case kind
    case from(Precision)
    case until(Precision)
    /// How many there may be in a page, and how many there are when it is missing.
    case limit(most: Int, usual: Int)
    case cursor, format

    /// As it is written in the query.
    var name: String {
        switch self {
        case .kind: "kind"
        case .from: "from"
        case .until: "until"
        case .limit: "limit"
        case .cursor: "cursor"
        case .format: "format"
        }
    }
}
