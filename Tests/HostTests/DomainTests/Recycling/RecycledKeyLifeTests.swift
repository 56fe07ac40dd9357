import Domain
import TestSupport
import Testing

@Suite("The life of a recycled key")
struct RecycledKeyLifeTests {
    /// What each state becomes by each event: `-` for nothing, a reason behind a colon, `!` for suspended. The first
    /// column is what happens.
    static let table = """
        event              PENDING              ACTIVE            DEPLETED:lowBalance  INVALID:wrongKey   REMOVED
        submitted          -                    -                 -                    PENDING            -
        good               ACTIVE               -                 ACTIVE               ACTIVE             -
        poor:noFunds       DEPLETED:noFunds     DEPLETED:noFunds  DEPLETED:noFunds     DEPLETED:noFunds   -
        poor:lowBalance    DEPLETED:lowBalance  DEPLETED:lowBalance  -                 DEPLETED:lowBalance  -
        refused:wrongKey   INVALID:wrongKey     INVALID:wrongKey  INVALID:wrongKey     -                  -
        refused:disabled   INVALID:disabled     INVALID:disabled  INVALID:disabled     INVALID:disabled   -
        refused:claimed    INVALID:claimed      INVALID:claimed   INVALID:claimed      INVALID:claimed    -
        refused:banned     PENDING:banned       -                 -                    -                  -
        unclear:ipNotAllowed  PENDING:ipNotAllowed  -             -                    -                  -
        unclear:banned     PENDING:banned       -                 -                    -                  -
        unclear:rateLimited  PENDING:rateLimited  -               -                    -                  -
        unclear:unreachable  PENDING:unreachable  -               -                    -                  -
        unclear:unavailable  PENDING:unavailable  -               -                    -                  -
        unclear:waiting    PENDING:waiting      -                 -                    -                  -
        emptied            -                    DEPLETED:noFunds  -                    -                  -
        drifted            -                    ACTIVE!           DEPLETED:lowBalance!  -                 -
        resumed            -                    -                 -                    -                  -
        removed            REMOVED              REMOVED           REMOVED              REMOVED            -
        drained            -                    -                 -                    -                  REMOVED/erased
        """

    /// The same for keys that are suspended, which a REMOVED one never is, and for one that is erased.
    static let others = """
        event              PENDING!             ACTIVE!           DEPLETED:noFunds!    INVALID:disabled!  REMOVED/erased
        submitted          -                    -                 -                    PENDING!           -
        good               ACTIVE!              -                 ACTIVE!              ACTIVE!            -
        poor:noFunds       DEPLETED:noFunds!    DEPLETED:noFunds!  -                   DEPLETED:noFunds!  -
        poor:lowBalance    DEPLETED:lowBalance!  DEPLETED:lowBalance!  DEPLETED:lowBalance!  DEPLETED:lowBalance!  -
        refused:wrongKey   INVALID:wrongKey!    INVALID:wrongKey!  INVALID:wrongKey!   INVALID:wrongKey!  -
        refused:disabled   INVALID:disabled!    INVALID:disabled!  INVALID:disabled!   -                  -
        refused:claimed    INVALID:claimed!     INVALID:claimed!  INVALID:claimed!     INVALID:claimed!   -
        refused:banned     PENDING:banned!      -                 -                    -                  -
        unclear:ipNotAllowed  PENDING:ipNotAllowed!  -            -                    -                  -
        unclear:banned     PENDING:banned!      -                 -                    -                  -
        unclear:rateLimited  PENDING:rateLimited!  -              -                    -                  -
        unclear:unreachable  PENDING:unreachable!  -              -                    -                  -
        unclear:unavailable  PENDING:unavailable!  -              -                    -                  -
        unclear:waiting    PENDING:waiting!     -                 -                    -                  -
        emptied            -                    DEPLETED:noFunds!  -                   -                  -
        drifted            -                    -                 -                    -                  -
        resumed            PENDING              ACTIVE            DEPLETED:noFunds     INVALID:disabled   -
        removed            REMOVED              REMOVED           REMOVED              REMOVED            -
        drained            -                    -                 -                    -                  -
        """

    /// Every event, by its name in the tables.
    static let events: [String: RecycledKeyLife.Event] = {
        var events: [String: RecycledKeyLife.Event] = [
            "submitted": .submitted, "good": .found(.good), "emptied": .emptied, "drifted": .drifted,
            "resumed": .resumed, "removed": .removed, "drained": .drained,
        ]
        for reason in [RecycledKeyLife.Reason.noFunds, .lowBalance] {
            events["poor:\(reason)"] = .found(.poor(reason))
        }
        for reason in [RecycledKeyLife.Reason.wrongKey, .disabled, .claimed, .banned] {
            events["refused:\(reason)"] = .found(.refused(reason))
        }
        for reason in unclear { events["unclear:\(reason)"] = .found(.unclear(reason)) }
        return events
    }()

    static let unclear: [RecycledKeyLife.Reason] = [
        .ipNotAllowed, .banned, .rateLimited, .unreachable, .unavailable, .waiting,
    ]

    private func life(_ text: Substring) throws -> RecycledKeyLife {
        let isErased = text.hasSuffix("/erased"), isSuspended = text.hasSuffix("!")
        let parts = text.dropLast(isErased ? 7 : isSuspended ? 1 : 0).split(separator: ":").map(String.init)
        let state = try #require(RecycledKeyLife.State(rawValue: parts[0]))
        let reasons = try parts.dropFirst().map { text throws -> RecycledKeyLife.Reason in
            try #require(RecycledKeyLife.Reason(rawValue: text))
        }
        return RecycledKeyLife(state: state, reason: reasons.first, isSuspended: isSuspended, isErased: isErased)
    }

    @Test("Each state becomes by each event what the table says", arguments: ["free", "suspended"])
    func transitions(table: String) throws {
        let text = table == "free" ? RecycledKeyLifeTests.table : RecycledKeyLifeTests.others
        let rows = text.split(separator: "\n").map { $0.split(separator: " ") }
        let before = try rows[0].dropFirst().map(life)
        #expect(Set(before.map(\.state)) == Set(RecycledKeyLife.State.allCases))
        #expect(Set(rows.dropFirst().map { String($0[0]) }) == Set(RecycledKeyLifeTests.events.keys))
        for row in rows.dropFirst() {
            let event = try #require(RecycledKeyLifeTests.events[String(row[0])])
            try #require(row.count == before.count + 1)
            for (life, cell) in zip(before, row.dropFirst()) {
                let expected = try cell == "-" ? nil : self.life(cell)
                #expect(life.after(event) == expected, "\(row[0]) at \(life)")
            }
        }
    }

    @Test("A new key is PENDING, for no reason, and takes no tasks")
    func new() {
        let life = RecycledKeyLife()
        #expect(life == RecycledKeyLife(state: .pending, reason: nil, isSuspended: false, isErased: false))
        #expect(!life.takesTasks)
    }

    @Test("Only an ACTIVE key that is not suspended takes tasks")
    func takesTasks() {
        for state in RecycledKeyLife.State.allCases {
            for isSuspended in [false, true] {
                let life = RecycledKeyLife(state: state, reason: nil, isSuspended: isSuspended, isErased: false)
                #expect(life.takesTasks == (state == .active && !isSuspended))
            }
        }
    }

    @Test("Whatever happens, an unclear answer makes no key INVALID, and a REMOVED one stays so until it is erased")
    func random() throws {
        var random = SeededGenerator(seed: 5)
        let events = RecycledKeyLifeTests.events.sorted { $0.key < $1.key }
        for _ in 0..<500 {
            var life = RecycledKeyLife()
            for _ in 0..<30 {
                let (name, event) = try #require(events.randomElement(using: &random))
                guard let after = life.after(event) else { continue }
                #expect(after != life)
                if life.state != .invalid, after.state == .invalid {
                    #expect(["refused:wrongKey", "refused:disabled", "refused:claimed"].contains(name))
                }
                if life.state == .removed { #expect(after.isErased && after.state == .removed) }
                if after.isErased { #expect(after.state == .removed) }
                if after.isSuspended, !life.isSuspended { #expect(name == "drifted") }
                life = after
            }
        }
    }

    @Test("A key is claimed while it is PENDING, ACTIVE or DEPLETED, and by its stored names")
    func claims() {
        let names = ["PENDING": true, "ACTIVE": true, "DEPLETED": true, "INVALID": false, "REMOVED": false]
        #expect(names.count == RecycledKeyLife.State.allCases.count)
        for (name, claims) in names { #expect(RecycledKeyLife.State(rawValue: name)?.claimsKey == claims) }
    }
}
