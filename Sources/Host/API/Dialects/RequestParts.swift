import Domain

extension ServerRequest {
    /// The key in the header `Authorization: Bearer`; nil when there is none.
    var bearer: String? {
        guard let value = header("authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let key = parts[1].drop { $0 == " " }
        return key.isEmpty ? nil : String(key)
    }
}

extension TaskIDCipher {
    /// The task that a client's text names, by UUID or by number; nil for what can name none.
    func id(ofText text: String) -> TaskID? {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? Int64(text).flatMap(TaskID.init) : id(ofUUID: text)
    }
}
