import Domain
import ProviderKit

/// What is sent to the calls under `/v1`, and what they answer.
enum AccountSchemas {
    /// By name under `components`.
    static var components: JSONObject {
        let history: JSONObject = [
            "Transactions": answer([
                "transactions": Schema.list(of: Schema.reference("Transaction")),
                "nextCursor": nextCursor,
            ]),
            "Transaction": transaction,
            "Usage": answer([
                "from": day, "until": day, "usage": Schema.list(of: Schema.reference("UsageRow")),
            ]),
            "UsageRow": usageRow,
        ]
        return .joining(history, recycledKeys, route)
    }

    private static func answer(_ members: JSONObject) -> JSONValue { Schema.object(success.adding(members)) }

    private static let success: JSONObject = ["errorId": ["const": 0]]
    private static let nextCursor = Schema.text(or: "null", "Null on the last page.")
    private static let day: JSONValue = ["type": "string", "format": "date"]
    private static let usd = Schema.number("USD, exact.")
    private static let numberOrNull: JSONValue = ["type": ["number", "null"]]

    private static let transaction = Schema.object([
        "number": Schema.whole(1 ... .max), "kind": Schema.word(LedgerTransaction.Kind.allCases.map(\.rawValue)),
        "time": Schema.time(), "amount": Schema.number("What the balance changed by, in USD."),
        "taskId": Schema.text(or: "null"), "provider": Schema.text(or: "null"),
        "recycledKey": ["type": ["integer", "null"]], "reference": Schema.text(or: "null"),
    ])

    private static let usageRow = Schema.object([
        "day": day, "apiKey": Schema.whole(1 ... .max), "provider": Schema.text(), "family": Schema.text(),
        "solved": Schema.whole(0 ... .max), "failed": Schema.whole(0 ... .max), "charged": usd, "refunded": usd,
    ])

    // MARK: Recycled keys

    private static let life: JSONObject = [
        "state": Schema.word(RecycledKeyLife.State.allCases.map(\.rawValue)),
        "reason": Schema.wordOrNull(RecycledKeyLife.Reason.allCases.map(\.rawValue)),
        "reasonDescription": Schema.text(or: "null"), "suspended": Schema.flag("By the operator."),
        "erased": Schema.flag("Whether the key itself is gone."),
    ]

    private static let key = JSONObject.joining(
        [
            "id": Schema.whole(1 ... .max), "provider": Schema.text(), "label": Schema.text(),
            "key": Schema.text("Its first and last characters."),
        ], life,
        [
            "balance": ["type": ["number", "null"], "description": "What the provider last said, in USD."],
            "credited": usd, "checkedAt": Schema.time(orNull: true), "createdAt": Schema.time(),
        ])

    private static let recycledKeys: JSONObject = [
        "RecycledKey": Schema.object(key),
        "RecycledKeyAnswer": answer(key),
        "CheckedRecycledKey": answer(
            key.adding([
                "answered": Schema.flag("Whether the provider has said something of the key; else it is as it was.")
            ])),
        "RecycledKeys": answer([
            "recycledKeys": Schema.list(of: Schema.reference("RecycledKey")), "nextCursor": nextCursor,
        ]),
        "RecycledKeyHistory": answer(
            key.adding([
                "history": Schema.list(of: Schema.object(.joining(["at": Schema.time()], life))),
                "nextCursor": nextCursor,
            ])),
    ]

    // MARK: Routes

    private static let route: JSONObject = [
        "Route": answer([
            "taskId": .object(["type": "string", "format": "uuid"]),
            "status": Schema.word(["processing", "ready", "failed"]), "family": Schema.text(),
            "createdAt": Schema.time(), "endedAt": Schema.time(orNull: true), "seconds": numberOrNull,
            "price": numberOrNull, "cost": numberOrNull,
            "failure": Schema.orNull(
                Schema.object([
                    "errorCode": Schema.word(ErrorCode.allCases.map(\.rawValue)), "errorDescription": Schema.text(),
                ])), "ceiling": usd,
            "speedWeight": Schema.whole(0...100), "reliableFirst": Schema.flag(),
            "forcedProvider": Schema.text(or: "null"),
            "policy": Schema.wordOrNull(RoutingAlgorithm.allCases.map(\.rawValue)),
            "explored": .object(["type": ["boolean", "null"]]), "routedAt": Schema.time(orNull: true),
            "candidates": Schema.list(of: Schema.reference("RouteCandidate")), "candidatesErased": Schema.flag(),
            "chosen": Schema.text(or: "null"), "attempts": Schema.list(of: Schema.reference("RouteAttempt")),
        ]),
        "RouteCandidate": Schema.object(
            [
                "provider": Schema.text(), "cost": numberOrNull, "seconds": numberOrNull,
                "successRate": numberOrNull, "filtered": Schema.text(or: "null"), "score": numberOrNull,
                "price": usd, "ownTasks": Schema.number(), "failedSeconds": numberOrNull,
                "failedCost": numberOrNull, "aboveCeiling": .object(["type": ["boolean", "null"]]),
            ], optional: ["price", "ownTasks", "failedSeconds", "failedCost"]),
        "RouteAttempt": Schema.object([
            "number": Schema.whole(1 ... .max), "provider": Schema.text(),
            "state": Schema.word(Attempt.State.allCases.map(\.word)), "startedAt": Schema.time(),
            "endedAt": Schema.time(orNull: true), "seconds": numberOrNull, "fault": Schema.text(or: "null"),
            "price": usd, "cost": usd, "reportedCost": numberOrNull,
        ]),
    ]
}
