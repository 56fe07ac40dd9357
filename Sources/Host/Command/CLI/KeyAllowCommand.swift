import ArgumentParser
import Domain
import ProviderKit
import Tasks

extension KeyCommand {
    struct AllowIP: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "allow-ip", abstract: "Say from which addresses a key may be used, or show them.",
            discussion: """
                Without a list a key may be used from anywhere. Addresses are added to the list; a range, such as \
                192.0.2.0/24 or 2001:db8::/32, counts as one. It takes effect with the next request.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The key's number.") var id: Int64
        @Argument(help: "Addresses and ranges of addresses.", transform: AccessArguments.range)
        var addresses: [IPRange] = []
        @Flag(help: "Take these addresses off the list.") var remove = false
        @Flag(help: "Take all addresses off the list: the key may then be used from anywhere.") var clear = false

        func validate() throws {
            if clear, remove || !addresses.isEmpty { throw ValidationError("--clear takes no addresses.") }
            if remove, addresses.isEmpty { throw ValidationError("--remove needs the addresses to take off.") }
        }

        private var change: AccessChange.Addresses? {
            if clear { return .clear }
            if remove { return .remove(addresses) }
            return addresses.isEmpty ? nil : .allow(addresses)
        }

        func run() async throws {
            output.show(try await OperatorClient(common).perform(.keys(.allowAddresses(id, change)))) { key in
                let list = key["addresses"]?.array ?? []
                return list.isEmpty
                    ? ["Key \(id) may be used from anywhere."]
                    : ["Key \(id) may be used from \(key.shown("addresses")) alone."]
            }
        }
    }
}

/// Values of options that say where a key may be used from and how much it may do.
enum AccessArguments {
    static func range(_ text: String) throws -> IPRange {
        do {
            return try IPRange(text)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    static func openTasks(_ text: String) throws -> AccessChange.Cap<Int> {
        if text.lowercased() == "none" { return .lift }
        guard let cap = Int(text), (1...Limits.openTasks).contains(cap) else {
            throw ValidationError("It is a whole number from 1 to \(Limits.openTasks), or the word none.")
        }
        return .set(cap)
    }

    static func dailySpend(_ text: String) throws -> AccessChange.Cap<Money> {
        if text.lowercased() == "none" { return .lift }
        guard let cap = Money(decimal: text), cap > .zero else {
            throw ValidationError("It is an amount in USD above nothing, such as 2.50, or the word none.")
        }
        return .set(cap)
    }

    /// The line about a key's caps, if it has any.
    static func caps(of key: JSONValue) -> [String] {
        let open = key["openTasks"]?.integer.map { "at most \($0) open tasks" }
        let spend = key["dailySpend"]?.string.map { "at most \($0) USD a day (UTC)" }
        let caps = [open, spend].compactMap(\.self)
        return caps.isEmpty ? [] : ["Caps: \(caps.joined(separator: ", "))."]
    }
}
