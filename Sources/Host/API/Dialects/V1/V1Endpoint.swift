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
    /// Does what is asked for.
    let answer: @Sendable (V1Request) async throws(ClientError) -> V1Answer

    static let all: [V1Endpoint] = [taskRoute] + recycledKeys + history

    private static let taskRoute = V1Endpoint(
        call: .taskRoute, method: "GET", path: V1Path("tasks/{id}/route"), scope: .manage
    ) { request throws(ClientError) in
        guard let id = request.ids.id(ofText: request.parameters[0]) else { throw ClientError(.wrongTaskID) }
        let route = try await request.useCases.tasks.route(of: id, for: request.holder)
        return V1Answer(TaskRouteAnswer.json(route, request.ids))
    }
}

/// A request whose path, method and key are all right.
struct V1Request: Sendable {
    /// What stands in the path's gaps, in their order.
    let parameters: [String]
    let message: ServerRequest
    let holder: KeyHolder
    let useCases: ClientUseCases
    let ids: any TaskIDCipher
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

    init(_ text: String) {
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
