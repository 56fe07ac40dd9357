import Domain
import Yams

extension Setting<DialectSetting> {
    static let serverRootDialect = Setting(
        "server.rootDialect", .choice(), default: .automatic, shown: DialectSetting.automatic.rawValue,
        """
        What clients are taken to speak where neither the path nor their key says it. With auto each task shows it: \
        docs/dialects.md tells how.
        """)
}

extension Setting<[String: ClientDialect]> {
    static let serverDialects = Setting(
        "server.dialects", .byHost, default: { _ in [:] }, shown: "none",
        example: "{api.capsolver.com: capsolver, api.2captcha.com: 2captcha}",
        "What clients speak that call this service by one of these names, as `server.rootDialect` says it for all.")
}

extension ValueType<[String: ClientDialect]> {
    /// Dialects by the names under which clients know the service.
    static var byHost: ValueType {
        let names = ClientDialect.allCases.map(\.rawValue).joined(separator: ", ")
        return ValueType(description: "a mapping of a host's name to a dialect: \(names)") { place in
            if place.isEmpty { return .success([:]) }
            guard let mapping = place.node.mapping else {
                return .failure(
                    ValueRefusal(
                        place,
                        "Expected a mapping of a host's name to a dialect, found \(place.kind). "
                            + "Such as `api.capsolver.com: capsolver`."))
            }
            var dialects: [String: ClientDialect] = [:]
            var problems: [ConfigurationError.Problem] = []
            for (key, value) in mapping {
                let name = key.scalar?.string ?? ""
                guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy(isOfName) else {
                    problems.append(
                        place.problem(at: key, "A host's name has letters, digits, dots and hyphens, and no port."))
                    continue
                }
                guard let dialect = value.scalar.flatMap({ ClientDialect(rawValue: $0.string) }) else {
                    problems.append(place.child(name, value).problem("Expected a dialect: \(names). Found another."))
                    continue
                }
                dialects[DialectRules.name(inHost: name)] = dialect
            }
            return problems.isEmpty ? .success(dialects) : .failure(ValueRefusal(problems: problems))
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }
}
