import Domain
import ProviderKit

/// A transaction as the owner of the account is shown it.
enum TransactionAnswer {
    static func json(_ record: TransactionRecord, _ ids: any TaskIDCipher) -> JSONObject {
        [
            "number": .number(JSONNumber(record.number)), "kind": .string(record.kind.rawValue),
            "time": .string(record.time.utcMilliseconds), "amount": record.amount.json,
            "taskId": record.task.map { .string(ids.uuid(of: $0)) } ?? .null,
            "provider": record.provider.map { .string($0) } ?? .null,
            "recycledKey": record.recycledKey.map { .number(JSONNumber($0.number)) } ?? .null,
            "reference": record.reference.map { .string($0) } ?? .null,
        ]
    }

    static func table(_ records: [TransactionRecord], _ ids: any TaskIDCipher) -> CSVTable {
        var table = CSVTable([
            "number", "kind", "time", "amount", "taskId", "provider", "recycledKey", "reference",
        ])
        for record in records {
            table.append([
                .number(String(record.number)), .text(record.kind.rawValue), .text(record.time.utcMilliseconds),
                .number(record.amount.description), .text(record.task.map { ids.uuid(of: $0) }),
                .text(record.provider), .number(record.recycledKey?.description ?? ""), .text(record.reference),
            ])
        }
        return table
    }
}

/// What was used of a family at a provider on a day, as the owner of the account is shown it.
enum UsageAnswer {
    static func json(_ row: UsageRow) -> JSONObject {
        [
            "day": .string(UTCDay(row.day).description), "apiKey": .number(JSONNumber(row.key)),
            "provider": .string(row.provider), "family": .string(row.family.rawValue),
            "solved": .number(JSONNumber(row.solved)), "failed": .number(JSONNumber(row.failed)),
            "charged": row.charged.json, "refunded": row.refunded.json,
        ]
    }

    static func table(_ rows: [UsageRow]) -> CSVTable {
        var table = CSVTable(["day", "apiKey", "provider", "family", "solved", "failed", "charged", "refunded"])
        for row in rows {
            table.append([
                .text(UTCDay(row.day).description), .number(String(row.key)), .text(row.provider),
                .text(row.family.rawValue), .number(String(row.solved)), .number(String(row.failed)),
                .number(row.charged.description), .number(row.refunded.description),
            ])
        }
        return table
    }
}
