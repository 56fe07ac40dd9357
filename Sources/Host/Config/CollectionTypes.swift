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
        ValueType(description: "a mapping of task family to USD a task") { place in
            if place.isEmpty { return .success([:]) }
            guard let mapping = place.node.mapping else {
                return .failure(
                    ValueRefusal(
                        place,
                        "Expected a mapping of task family to USD, found \(place.kind). Such as `altcha: 0.0002`."))
            }
            var prices: [TaskFamily: Money] = [:]
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
                guard let text = value.scalar?.string, let price = Money(decimal: text), price > .zero else {
                    problems.append(
                        entry.problem(
                            """
                            Expected USD a task: a positive decimal number with at most nine decimals, such as 0.0002. \
                            Found something else.
                            """))
                    continue
                }
                prices[family] = price
            }
            return problems.isEmpty ? .success(prices) : .failure(ValueRefusal(problems: problems))
        }
    }
}
