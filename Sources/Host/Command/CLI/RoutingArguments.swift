import ArgumentParser
import Domain

/// Values that several subcommands take to say how tasks are to be routed.
enum RoutingArguments {
    static func slider(_ text: String) throws -> Int {
        guard let value = Int(text), RoutingPreference.speedWeights.contains(value) else {
            throw ValidationError("It is a whole number from 0, cheapest, to 100, fastest.")
        }
        return value
    }
}

/// One of a set of names on the command line, in any case.
struct AnyCase<Value: RawRepresentable & CaseIterable & Sendable>: ExpressibleByArgument, Sendable
where Value.RawValue == String {
    let value: Value

    init(_ value: Value) { self.value = value }

    init?(argument: String) {
        guard let value = Value.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else {
            return nil
        }
        self.value = value
    }

    var defaultValueDescription: String { value.rawValue }
    static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }
}
