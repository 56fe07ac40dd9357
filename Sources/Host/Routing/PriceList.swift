public import Domain
public import ProviderKit

/// What the tasks of one adapter cost, before the platform's margin: the operator's prices where there are any, else
/// the plug-in's list prices, which are worth what the unit that they are in is worth.
public struct PriceList: Sendable {
    /// By family; only what the plug-in sells and has a positive price.
    public let prices: [TaskFamily: Money]
    /// What the operator should know, as sentences without the adapter's name.
    public let notes: [Note]

    public enum Note: Sendable, Hashable {
        /// A price is configured for what the plug-in does not sell.
        case notSold(TaskFamily)
        /// Nobody knows what these families cost, so that they are not offered.
        case unpriced([TaskFamily])
        /// The provider counts in units of this name, whose worth is not configured: what it says of prices and costs
        /// is not used.
        case unitWithoutValue(String)
        /// A worth is configured for a provider that counts in USD.
        case valueWithoutUse
    }

    /// - Parameters:
    ///   - prices: what the operator has configured.
    ///   - unitValue: what the operator has configured as the worth of the provider's unit.
    public init(_ manifest: Manifest, prices configured: [TaskFamily: Money], unitValue: UnitValue?) {
        let sold = Set(manifest.offers.map(\.family))
        var notes = configured.keys.sorted().filter { !sold.contains($0) }.map(Note.notSold)
        let unit = UnitValue(ofUnit: manifest.balanceUnit, configured: unitValue)
        if unit == nil {
            notes.append(.unitWithoutValue(manifest.balanceUnit))
        } else if manifest.balanceUnit == UnitValue.usdName, unitValue != nil {
            notes.append(.valueWithoutUse)
        }
        var prices: [TaskFamily: Money] = [:]
        var unpriced: [TaskFamily] = []
        for offer in manifest.offers {
            let price = configured[offer.family] ?? offer.listPrice.flatMap { unit?.usd($0) }
            if let price, price > .zero {
                prices[offer.family] = price
            } else {
                unpriced.append(offer.family)
            }
        }
        if !unpriced.isEmpty { notes.append(.unpriced(unpriced.sorted())) }
        self.prices = prices
        self.notes = notes
    }
}

extension PriceList.Note {
    /// The note as sentences for the operator of `adapters.<adapter>`.
    public func sentence(of adapter: String) -> String {
        switch self {
        case .notSold(let family):
            "adapters.\(adapter).prices names \(family), which the plug-in does not sell."
        case .unpriced(let families):
            "adapters.\(adapter) does not offer \(families.map(\.rawValue).joined(separator: ", ")): "
                + "no price is known. Set them in `prices`."
        case .unitWithoutValue(let unit):
            "adapters.\(adapter) counts in \(unit), and nobody knows what one is worth: whatever it says of prices and "
                + "costs is not used, and tasks cost what `prices` says. Set `unitValue`, the USD for one \(unit)."
        case .valueWithoutUse:
            "adapters.\(adapter) counts in USD, so its `unitValue` is left unused. Remove it."
        }
    }
}
