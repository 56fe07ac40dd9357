import ProviderKit

/// Reads what a task has cost from an answer.
enum CostReader {
    /// The cost as the vendor wrote it; nil when it says none. One that is no amount is as good as none: the solution
    /// is there all the same, and the price that was agreed holds. The host's log gets a line about it.
    static func cost(in answer: JSONObject, vendor: String, call: any Call) -> String? {
        guard let value = answer.said("cost") else { return nil }
        if let amount = Lenient.amount(value), !amount.hasPrefix("-") { return amount }
        call.log(.warning, "\(vendor) reported a cost that is no amount of money; the listed price counts.")
        return nil
    }
}
