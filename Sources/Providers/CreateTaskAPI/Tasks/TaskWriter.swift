import ProviderKit

/// Writes a task as the vendor wants it.
struct TaskWriter {
    let vendor: Vendor
    let mapping: FamilyMapping

    /// Names that are the dialect's own and never a client's.
    private static let reserved: Set<String> = ["type", "clientKey"]

    /// The body of `createTask` without `clientKey`.
    ///
    /// - Throws: `badTask` with the canonical name of a field that is missing or of a wrong form, `unsupportedTask` for
    ///   a proxy that cannot be used.
    func body(_ original: JSONObject) throws(Fault) -> JSONObject {
        var fields = original
        try mapping.prepare?(&fields)
        let hasProxy = fields.said("proxyAddress") != nil
        let (type, sendsProxy) = try mapping.type.chosen(hasProxy: hasProxy, vendor: vendor.displayName)
        var task: JSONObject = ["type": .string(type)]
        var beside: JSONObject = [:]
        copyUnnamed(fields, to: &task)
        for rule in mapping.fields {
            guard let value = try value(of: rule, fields, given: task.value(at: rule.path)) else { continue }
            if rule.besideTask { beside.put(value, at: rule.path) } else { task.put(value, at: rule.path) }
        }
        if sendsProxy {
            try (mapping.proxy ?? vendor.proxy).write(fields, to: &task, vendor: vendor.displayName)
        }
        var body: JSONObject = ["task": .object(task)]
        for member in beside.members { body[member.name] = member.value }
        return body
    }

    /// What no rule knows goes to the vendor untouched.
    private func copyUnnamed(_ fields: JSONObject, to task: inout JSONObject) {
        let known = TaskWriter.reserved.union(mapping.fields.compactMap(\.field)).union(ProxyRules.fieldNames)
        for member in fields.members where !known.contains(member.name) {
            task[member.name] = member.value
        }
    }

    private func value(of rule: FieldRule, _ fields: JSONObject, given: JSONValue?) throws(Fault) -> JSONValue? {
        if case .always(let value) = rule.presence { return value }
        guard let said = rule.field.flatMap({ fields.said($0) }) else {
            // A client that knows the vendor may have put the value into the vendor's own place.
            if let given, !given.isNull, given != "" { return given }
            switch rule.presence {
            case .otherwise(let value): return value
            case .required:
                let field = rule.field ?? ""
                throw Fault(.badTask(field: rule.field), "\(vendor.displayName) needs \(field) for this kind of task.")
            default: return nil
            }
        }
        guard let value = rule.form.convert(said) else {
            throw Fault(.badTask(field: rule.field), "\(rule.field ?? "") has to be \(rule.form.expected).")
        }
        return value
    }
}
