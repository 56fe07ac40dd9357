import ProviderKit

/// Turns the members of a client's task into the fields of its form, in the order in which they came.
struct TaskReader {
    private let form: TaskForm
    private var fields: [JSONObject.Member] = []
    /// The fields that are there, by index.
    private var filled: UInt64 = 0
    private var proxy = TaskProxy()
    /// What the lifted member holds beside known fields.
    private var rest: [JSONObject.Member] = []

    init(_ form: TaskForm, expecting count: Int) {
        self.form = form
        fields.reserveCapacity(count + 4)
    }

    /// Reads members of the task. A field that comes twice is taken by its canonical name, else as it came first.
    mutating func read(_ members: [JSONObject.Member]) throws(ClientError) {
        for member in members { try read(member, under: "") }
    }

    private mutating func read(_ member: JSONObject.Member, under prefix: String) throws(ClientError) {
        guard let slot = form.slots[member.name] ?? form.slots[member.name.asciiLowercasedTrimmed] else {
            if prefix.isEmpty { fields.append(member) } else { rest.append(member) }
            return
        }
        switch slot {
        case .dropped: break
        case .proxy(let part):
            if prefix.isEmpty { proxy.add(part, member.value, FieldPlace(member.name)) } else { rest.append(member) }
        case .lifted:
            guard member.value.isFilled else { break }
            guard prefix.isEmpty, let inner = member.value.object else {
                throw FieldPlace(member.name, under: prefix).refusal(
                    "It has to be an object, not \(member.value.kind).")
            }
            for innerMember in inner.members { try read(innerMember, under: "\(member.name).") }
        case .field(let index, let isCanonical, let isEncoded):
            let place = FieldPlace(member.name, under: prefix)
            let given = isEncoded ? try TaskReader.decoded(member.value, place) : member.value
            guard let value = try form.fields[index].kind.read(given, at: place) else { break }
            put(value, index, isCanonical: isCanonical && prefix.isEmpty)
        }
    }

    private mutating func put(_ value: JSONValue, _ index: Int, isCanonical: Bool) {
        let bit: UInt64 = 1 << UInt64(index)
        let name = form.fields[index].name
        if filled & bit == 0 {
            fields.append(JSONObject.Member(name, value))
        } else if isCanonical {
            guard let place = fields.firstIndex(where: { $0.name == name }) else { return }
            fields[place].value = value
        }
        filled |= bit
    }

    private static func decoded(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONValue {
        guard value.isFilled else { return .null }
        guard let text = value.string, let bytes = Base64Text.bytes(text) else {
            throw place.refusal("It is not base64.")
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    /// Adds a field that follows from others, unless it is there.
    mutating func imply(_ member: JSONObject.Member) {
        if !has(member.name) { fields.append(member) }
    }

    /// Takes members of these names out of what the lifted member holds beside known fields.
    mutating func takeRest(_ names: [String]) -> JSONObject {
        let taken = rest.filter { names.contains($0.name) }
        rest.removeAll { names.contains($0.name) }
        return JSONObject(taken)
    }

    /// Removes a field when it has this value.
    mutating func drop(_ name: String, if value: JSONValue) {
        fields.removeAll { $0.name == name && $0.value == value }
    }

    /// Whether the field is there.
    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// The canonical fields.
    ///
    /// - Throws: `badParameters` for a required field that is missing.
    mutating func finish(proxyless: Bool) throws(ClientError) -> JSONObject {
        for index in form.fields.indices where form.fields[index].isRequired && filled & (1 << UInt64(index)) == 0 {
            throw FieldPlace(form.fields[index].name).refusal("The field is missing.")
        }
        if !proxyless, form.proxy != .never { fields += try proxy.fields() }
        if form.proxy == .needed, !has("proxyAddress") {
            throw FieldPlace("proxyAddress").refusal("The field is missing: these tasks need a proxy.")
        }
        if let lifted = form.lifted, !rest.isEmpty {
            fields.append(JSONObject.Member(lifted, .object(JSONObject(rest))))
        }
        return JSONObject(fields)
    }
}
