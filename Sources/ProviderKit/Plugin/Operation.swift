import CProviderABI

/// The operations of the contract, by the names that the table and the metrics use.
public enum Operation: String, Sendable, Hashable, CaseIterable {
    case validate, balance, submit, poll, report

    /// The string ID of the C header.
    public var identifier: String {
        switch self {
        case .validate: UCAPTCHA_OPERATION_VALIDATE
        case .balance: UCAPTCHA_OPERATION_BALANCE
        case .submit: UCAPTCHA_OPERATION_SUBMIT
        case .poll: UCAPTCHA_OPERATION_POLL
        case .report: UCAPTCHA_OPERATION_REPORT
        }
    }
}
