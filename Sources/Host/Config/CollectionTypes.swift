import Domain
import ProviderKit
import Yams

extension ValueType<SecretReference> {
    /// A reference to a secret. What is no reference may be a secret, so none of it is ever repeated.
    static var secretReference: ValueType {
        ValueType(description: "a reference, env:NAME or file:PATH") { place in
            guard let text = place.scalar?.text, let reference = SecretReference(text, relativeTo: place.folder) else {
                return .failure(
                    ValueRefusal(
                        place,
                        """
                        This is no reference. Keys do not belong in this file: put the key into a variable of the \
                        environment or a file and write env:NAME or file:PATH here. If it was a real key, replace it.
                        """))
            }
            return .success(reference)
        }
    }
}

extension ValueType<[SecretReference]> {
    /// A list of references to secrets. What is no reference may be a secret, so none of it is ever repeated.
    static var secretReferences: ValueType {
        ValueType(description: "a list of references, each env:NAME or file:PATH") { place in
            if place.isEmpty { return .success([]) }
            guard let list = place.node.sequence else {
                return .failure(
                    ValueRefusal(
                        place,
                        "Expected a list, found \(place.kind). Put each reference on a line of its own after `- `."))
            }
            var references: [SecretReference] = []
            var problems: [ConfigurationError.Problem] = []
            for node in list {
                guard let text = node.scalar?.string else {
                    problems.append(
                        place.problem(at: node, "Write the reference without a space: env:NAME or file:PATH."))
                    continue
                }
                guard let reference = SecretReference(text, relativeTo: place.folder) else {
                    problems.append(place.problem(at: node, noReference))
                    continue
                }
                if references.contains(reference) {
                    problems.append(
                        place.problem(at: node, "This reference is in the list already. Remove one of them."))
                }
                references.append(reference)
            }
            return problems.isEmpty ? .success(references) : .failure(ValueRefusal(problems: problems))
        }
    }

    private static var noReference: String {
        """
        This is no reference. Keys do not belong in this file: put the key into a variable of the environment or a \
        file and write env:NAME or file:PATH here. If it was a real key, replace it at the provider.
        """
    }
}

extension ValueType<[IPRange]> {
    /// A list of addresses and ranges.
    static func ranges(most: Int) -> ValueType {
        ValueType(description: "a list of addresses and ranges of addresses") { place in
            if place.isEmpty { return .success([]) }
            guard let list = place.node.sequence else {
                return .failure(
                    ValueRefusal(place, "Expected a list, found \(place.kind). Such as `[127.0.0.1, 10.0.0.0/8]`."))
            }
            guard list.count <= most else {
                return .failure(ValueRefusal(place, "At most \(most) addresses and ranges can be here."))
            }
            var ranges: [IPRange] = []
            var problems: [ConfigurationError.Problem] = []
            for node in list {
                do throws(IPRange.Problem) {
                    ranges.append(try IPRange(node.scalar?.string ?? ""))
                } catch {
                    problems.append(
                        place.problem(
                            at: node,
                            "Expected an address such as 192.0.2.7, or a range such as 192.0.2.0/24 that begins with "
                                + "its first address. Found something else. IPv6 needs quotes."))
                }
            }
            return problems.isEmpty ? .success(ranges) : .failure(ValueRefusal(problems: problems))
        }
    }
}

extension ValueType<UnitValue> {
    /// Read from the text of the file, so that no rounding comes in between.
    static var unitValue: ValueType {
        scalar("USD for one unit: a positive decimal number with at most 18 decimals", hint: "Such as 0.001.") {
            text, _ in UnitValue(decimal: text)
        }
    }
}

extension ValueType<[TaskFamily: Money]> {
    /// Prices by task family. They are read from the text of the file, so that no rounding comes in between.
    static var prices: ValueType {
        byFamily("USD a task", example: "altcha: 0.0002") { text in
            Money(decimal: text).flatMap { $0 > .zero ? $0 : nil }
        } expected: {
            "Expected USD a task: a positive decimal number with at most nine decimals, such as 0.0002. "
                + "Found something else."
        }
    }
}

extension ValueType<[TaskFamily: Int]> {
    /// A whole number for each of some task families.
    static func byFamily(_ meaning: String, _ range: ClosedRange<Int>, example: String) -> ValueType {
        byFamily(meaning, example: example) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        } expected: {
            "Expected \(meaning): a whole number from \(range.lowerBound) to \(range.upperBound). "
                + "Found something else."
        }
    }
}

extension ValueType {
    /// A value for each of some task families.
    fileprivate static func byFamily<Element: Sendable>(
        _ meaning: String, example: String, parse: @escaping @Sendable (_ text: String) -> Element?,
        expected: @escaping @Sendable () -> String
    ) -> ValueType where Value == [TaskFamily: Element] {
        ValueType(description: "a mapping of task family to \(meaning)") { place in
            if place.isEmpty { return .success([:]) }
            guard let mapping = place.node.mapping else {
                return .failure(
                    ValueRefusal(
                        place,
                        "Expected a mapping of task family to \(meaning), found \(place.kind). Such as `\(example)`."))
            }
            var values: [TaskFamily: Element] = [:]
            var problems: [ConfigurationError.Problem] = []
            for (key, value) in mapping {
                guard let name = key.scalar?.string, let family = TaskFamily(rawValue: name) else {
                    problems.append(
                        place.problem(
                            at: key,
                            "A task family is a lower-case letter and then letters and digits, such as altcha."))
                    continue
                }
                let entry = place.child(name, value)
                guard let scalar = entry.scalar, let element = parse(scalar.text) else {
                    problems.append(entry.problem(expected()))
                    continue
                }
                values[family] = element
            }
            return problems.isEmpty ? .success(values) : .failure(ValueRefusal(problems: problems))
        }
    }
}
