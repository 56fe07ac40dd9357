import Domain
import ProviderKit
import Tasks

/// One call under `/v1`.
struct V1Endpoint: Sendable {
    let call: APICall
    let method: String
    let path: V1Path
    /// What the key has to be for.
    let scope: APIKey.Scope
    /// What can stand in the query. Anything else is refused.
    var query: [V1Parameter] = []
    /// What can be in the body. Anything else is refused.
    var body: [BodyMember] = []
    /// Does what is asked for.
    let answer: @Sendable (V1Request) async throws(ClientError) -> V1Answer

    static let all: [V1Endpoint] = [taskRoute] + recycledKeys + history

    private static let taskRoute = V1Endpoint(
        call: .taskRoute, method: "GET", path: V1Path("tasks/{id}/route"), scope: .manage
    ) { request throws(ClientError) in
        guard let id = request.ids.id(ofText: request.gaps[0]) else { throw ClientError(.wrongTaskID) }
        let route = try await request.useCases.tasks.route(of: id, for: request.holder)
        return V1Answer(TaskRouteAnswer.json(route, request.ids))
    }
}

/// A request whose path, method and key are all right.
struct V1Request: Sendable {
    /// What stands in the path's gaps, in their order.
    let gaps: [String]
    let endpoint: V1Endpoint
    let query: QueryParameters
    let message: ServerRequest
    let holder: KeyHolder
    let useCases: ClientUseCases
    let ids: any TaskIDCipher

    /// - Throws: `badJSON`, `nestedTooDeep`, `badParameters` for a member that the call does not know.
    func body() throws(ClientError) -> JSONBody {
        try JSONBody(message, members: endpoint.body, isClosed: true)
    }

    /// How many there are to be in a page.
    ///
    /// - Throws: `badParameters`.
    func pageLimit() throws(ClientError) -> Int {
        for case .limit(let most, let usual) in endpoint.query {
            return try query.number("limit", in: 1...Int64(most)).map { Int($0) } ?? usual
        }
        throw ClientError(.internalError)
    }
}

/// What a call under `/v1` is answered with when it went well.
struct V1Answer: Sendable {
    private let status: Int
    private let content: Content
    private let headers: [(name: String, value: String)]

    private enum Content {
        case json(JSONObject)
        case table(CSVTable)
    }

    /// - Parameter json: the members of the answer; `errorId` is added.
    init(_ json: JSONObject, status: Int = 200, headers: [(name: String, value: String)] = []) {
        self.status = status
        content = .json(json)
        self.headers = headers
    }

    init(_ table: CSVTable, headers: [(name: String, value: String)] = []) {
        status = 200
        content = .table(table)
        self.headers = headers
    }

    var response: ServerResponse {
        var response: ServerResponse
        switch content {
        case .json(let json):
            let body = JSONObject([JSONObject.Member("errorId", 0)] + json.members)
            response = ServerResponse(status: status, bytes: JSONValue.object(body).bytes)
        case .table(let table):
            response = ServerResponse(status: status, contentType: CSVTable.contentType, bytes: table.bytes)
        }
        response.headers = headers
        return response
    }
}

/// A path under `/v1/`, with gaps: `tasks/{id}/route`.
struct V1Path: Sendable {
    private let segments: [String?]
    /// The whole path, the gaps by their names: `/v1/tasks/{id}/route`.
    let text: String
    /// The names of the gaps, in their order.
    let gaps: [String]

    init(_ text: String) {
        self.text = "/v1/\(text)"
        gaps = text.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        segments = text.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
    }

    /// What follows `/v1`, taken apart; nil for a path that is elsewhere.
    static func segments(of path: String) -> [String]? {
        let segments = path.split(separator: "/")
        guard segments.first == "v1" else { return nil }
        return segments.dropFirst().map(String.init)
    }

    func matches(_ others: [String]) -> Bool {
        segments.count == others.count && zip(segments, others).allSatisfy { $0 == nil || $0 == $1 }
    }

    /// What a path that matches has in the gaps.
    func parameters(in others: [String]) -> [String] {
        zip(segments, others).compactMap { $0 == nil ? $1 : nil }
    }
}
