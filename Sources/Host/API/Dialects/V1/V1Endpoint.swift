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
    ///
    /// - Returns: the members of the answer; `errorId` is added.
    let answer: @Sendable (V1Request) async throws(ClientError) -> JSONObject

    static let all: [V1Endpoint] = [
        V1Endpoint(
            call: .taskRoute, method: "GET", path: V1Path("tasks/{id}/route"), scope: .manage
        ) { request throws(ClientError) in
            guard let id = request.ids.id(ofText: request.parameters[0]) else { throw ClientError(.wrongTaskID) }
            return TaskRouteAnswer.json(try await request.service.route(of: id, for: request.holder), request.ids)
        }
    ]
}

/// A request whose path, method and key are all right.
struct V1Request: Sendable {
    /// What stands in the path's gaps, in their order.
    let parameters: [String]
    let holder: KeyHolder
    let service: any ClientService
    let ids: any TaskIDCipher
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
