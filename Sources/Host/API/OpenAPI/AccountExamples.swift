import Domain
import ProviderKit

/// Examples of the calls under `/v1`: of one account, in which each of them has something to tell.
enum AccountExamples {
    /// What is sent, by the example's name.
    static func request(_ call: APICall) -> JSONObject {
        guard call == .submitRecycledKey else { return [:] }
        return named([
            "provider": "capsolver", "key": "CAP-0123456789ABCDEF0123456789ABCDEF", "label": "last year's",
        ])
    }

    /// What is answered, by the example's name.
    static func answer(_ call: APICall) -> JSONObject {
        switch call {
        case .submitRecycledKey: named(success.adding(key))
        case .checkRecycledKey: named(success.adding(key).adding(["answered": true]))
        case .removeRecycledKey: named(success.adding(key).adding(["state": "REMOVED", "erased": true]))
        case .recycledKey: named(success.adding(key).adding(["history": .array(history), "nextCursor": .null]))
        case .recycledKeys: named(success.adding(["recycledKeys": [.object(key)], "nextCursor": .null]))
        case .transactions: named(success.adding(["transactions": [.object(credit)], "nextCursor": .null]))
        case .usage:
            named(success.adding(["from": "2026-01-30", "until": "2026-01-31", "usage": [.object(usage)]]))
        case .taskRoute: named(success.adding(route))
        case .createTask, .getTaskResult, .getBalance, .reportTask, .queueFigures, .accountFigures, .other: [:]
        }
    }

    private static func named(_ value: JSONObject) -> JSONObject { ["example": ["value": .object(value)]] }

    private static let success: JSONObject = ["errorId": 0]

    private static let active: JSONObject = [
        "state": "ACTIVE", "reason": .null, "reasonDescription": .null, "suspended": false, "erased": false,
    ]

    private static let key = JSONObject.joining(
        ["id": 7, "provider": "capsolver", "label": "last year's", "key": "CAP-...CDEF"], active,
        [
            "balance": amount("4.2"), "credited": 0, "checkedAt": "2026-01-31T12:00:01.000Z",
            "createdAt": "2026-01-31T12:00:00.000Z",
        ])

    private static let history: [JSONValue] = [
        .object(.joining(["at": "2026-01-31T12:00:00.000Z"], active, ["state": "PENDING"])),
        .object(.joining(["at": "2026-01-31T12:00:01.000Z"], active)),
    ]

    private static let credit: JSONObject = [
        "number": 812, "kind": "RECYCLE_CREDIT", "time": "2026-01-31T12:05:09.120Z", "amount": amount("0.0012"),
        "taskId": "aaaaaaaa-bbbb-4ccc-8ddd-000000000008", "provider": "capsolver", "recycledKey": 7,
        "reference": .null,
    ]

    private static let usage: JSONObject = [
        "day": "2026-01-31", "apiKey": 3, "provider": "capsolver", "family": "turnstile", "solved": 41, "failed": 2,
        "charged": amount("0.0492"), "refunded": amount("0.0012"),
    ]

    private static let route: JSONObject = [
        "taskId": "aaaaaaaa-bbbb-4ccc-8ddd-000000000007", "status": "ready", "family": "turnstile",
        "createdAt": "2026-01-31T12:00:00.000Z", "endedAt": "2026-01-31T12:00:04.000Z", "seconds": 4,
        "price": amount("0.0012"), "cost": amount("0.0012"), "failure": .null, "ceiling": amount("0.0015"),
        "speedWeight": 20, "reliableFirst": false, "forcedProvider": .null, "policy": "published", "explored": false,
        "routedAt": "2026-01-31T12:00:00.000Z",
        "candidates": [
            [
                "provider": "capsolver", "cost": amount("0.0012"), "seconds": 6, "successRate": 97, "filtered": .null,
                "score": amount("0.784"), "price": amount("0.0012"), "aboveCeiling": false,
            ],
            [
                "provider": "2captcha", "cost": amount("0.00145"), "seconds": 14, "successRate": 96,
                "filtered": "capsolver is faster and cheaper", "score": .null, "price": amount("0.00145"),
                "aboveCeiling": false,
            ],
        ], "candidatesErased": false, "chosen": "capsolver",
        "attempts": [
            [
                "number": 1, "provider": "capsolver", "state": "solved", "startedAt": "2026-01-31T12:00:00.000Z",
                "endedAt": "2026-01-31T12:00:04.000Z", "seconds": 4, "fault": .null, "price": amount("0.0012"),
                "cost": amount("0.0012"), "reportedCost": .null,
            ]
        ],
    ]

    private static func amount(_ text: String) -> JSONValue { Money(decimal: text)?.json ?? .null }
}
