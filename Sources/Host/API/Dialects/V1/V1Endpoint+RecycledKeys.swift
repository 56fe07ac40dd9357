import Domain
import ProviderKit
import Tasks

extension V1Endpoint {
    /// The parameters of the calls that answer a page.
    private static let paged: [V1Parameter] = [
        .limit(most: Limits.keysPerPage, usual: Limits.usualKeysPerPage), .cursor,
    ]

    /// What the owner of an account does about its recycled keys.
    static let recycledKeys: [V1Endpoint] = [
        V1Endpoint(
            call: .recycledKeys, method: "GET", path: V1Path("recycled-keys"), scope: .manage, query: paged
        ) { request throws(ClientError) in
            let (cursor, limit) = try request.page()
            let (keys, hasMore) = try await request.useCases.recycledKeys.recycledKeys(
                of: request.holder, after: cursor.flatMap { ProviderKeyID($0) }, limit: limit)
            return V1Answer(
                ["recycledKeys": .array(keys.map { .object(RecycledKeyAnswer.json($0)) })],
                nextCursor: hasMore ? keys.last?.id.number : nil)
        },
        V1Endpoint(
            call: .submitRecycledKey, method: "POST", path: V1Path("recycled-keys"), scope: .manage,
            body: [.provider, .key, .label], answer: submitRecycledKey),
        V1Endpoint(
            call: .recycledKey, method: "GET", path: V1Path("recycled-keys/{id}"), scope: .manage, query: paged
        ) { request throws(ClientError) in
            let (cursor, limit) = try request.page()
            let (key, history, hasMore) = try await request.useCases.recycledKeys.recycledKey(
                try request.recycledKeyID(), of: request.holder, historyAfter: cursor ?? 0, limit: limit)
            var json = RecycledKeyAnswer.json(key)
            json["history"] = .array(history.map { .object(RecycledKeyAnswer.json($0)) })
            return V1Answer(json, nextCursor: hasMore ? history.last?.number : nil)
        },
        V1Endpoint(
            call: .removeRecycledKey, method: "DELETE", path: V1Path("recycled-keys/{id}"), scope: .manage
        ) { request throws(ClientError) in
            V1Answer(
                RecycledKeyAnswer.json(
                    try await request.useCases.recycledKeys.remove(
                        try request.recycledKeyID(), of: request.holder)))
        },
        V1Endpoint(
            call: .checkRecycledKey, method: "POST", path: V1Path("recycled-keys/{id}/check"), scope: .manage
        ) { request throws(ClientError) in
            let checked = try await request.useCases.recycledKeys.check(
                try request.recycledKeyID(), of: request.holder)
            var json = RecycledKeyAnswer.json(checked.key)
            json["answered"] = .bool(checked.isAnswered)
            return V1Answer(json)
        },
    ]

    @Sendable private static func submitRecycledKey(_ request: V1Request) async throws(ClientError) -> V1Answer {
        let body = try request.body()
        guard let provider = try body.provider() else { throw JSONBody.missing("provider") }
        guard let key = try body.text(.key) else { throw JSONBody.missing("key") }
        let submitted = try await request.useCases.recycledKeys.submit(
            Secret(key), at: provider, label: try body.text(.label) ?? "", by: request.holder)
        let json = RecycledKeyAnswer.json(submitted.key)
        guard submitted.isNew else { return V1Answer(json) }
        return V1Answer(json, status: 201, headers: [("location", "/v1/recycled-keys/\(submitted.key.id)")])
    }
}

extension V1Answer {
    /// A page of something, oldest first.
    ///
    /// - Parameter nextCursor: what the next page is asked for with; nil for the last one.
    fileprivate init(_ json: JSONObject, nextCursor: Int64?) {
        var json = json
        json["nextCursor"] = nextCursor.map { .string(String($0)) } ?? .null
        self.init(json)
    }
}

extension V1Request {
    /// Behind what, and how much at most.
    fileprivate func page() throws(ClientError) -> (cursor: Int64?, limit: Int) {
        (try query.number("cursor", in: 1...Int64.max), try pageLimit())
    }

    /// The recycled key that the path names.
    fileprivate func recycledKeyID() throws(ClientError) -> ProviderKeyID {
        let text = gaps[0]
        guard let id = Int64(text).flatMap({ ProviderKeyID($0) }), id.description == text else {
            throw ClientError(.noSuchRecycledKey)
        }
        return id
    }
}
