/// A row of a vendor's table of errors.
public struct ErrorRow: Sendable, Hashable {
    /// `errorId` where the vendor's numbers mean something, otherwise 1.
    public let id: Int
    /// In the vendor's spelling.
    public let code: String
    /// What the vendor says with it.
    public let text: String
    /// HTTP status.
    public var status = 200
    /// Whether the vendor answers it to polls as well.
    public var whilePolling = false

    init(_ id: Int, _ code: String, _ text: String, status: Int = 200, poll whilePolling: Bool = false) {
        self.id = id
        self.code = code
        self.text = text
        self.status = status
        self.whilePolling = whilePolling
    }
}

extension Vendor {
    /// The documented errors of the vendor's JSON interface, or of its only one.
    public var errors: [ErrorRow] {
        switch self {
        case .twoCaptcha: ErrorTables.twoCaptcha
        case .capSolver: ErrorTables.capSolver
        case .antiCaptcha: ErrorTables.antiCaptcha
        case .capMonster: ErrorTables.capMonster
        case .multibot: ErrorTables.multibot
        }
    }

    /// The documented codes of the vendor's forms, in.php and res.php; empty when it has none.
    public var formErrors: [ErrorRow] {
        switch self {
        case .twoCaptcha: ErrorTables.twoCaptchaForms
        case .multibot: ErrorTables.multibot
        default: []
        }
    }
}
