import Domain
import Foundation
import ProviderKit
import TestSupport
import Testing

/// Contents made of a word with a number, the same one over and over, so that every part of a page tells whose it is.
enum TraceWords {
    static func content(_ number: Int, bytes: Int) -> [UInt8] {
        let number = String(number)
        let word = Array(("zq" + String(repeating: "0", count: 6 - number.count) + number).utf8)
        return Array(repeatElement(word, count: bytes / 8 + 1).joined())
    }

    /// All words that are in a file, which need not exist.
    static func found(in file: String) -> Set<[UInt8]> {
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        return data.withUnsafeBytes { bytes in
            var found: Set<[UInt8]> = []
            var last: UInt64 = 0
            for offset in 0..<max(bytes.count - 7, 0) where bytes[offset] == 0x7A && bytes[offset + 1] == 0x71 {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if word != last { found.insert(Array(bytes[offset..<offset + 8])) }
                last = word
            }
            return found
        }
    }
}

/// Tasks that come, are solved and are erased in a mixed order, and what should be known of them.
struct ContentWork {
    struct Task {
        let payload, url: [UInt8]
        var solution: [UInt8] = []
        var isEnded = false
        var hasCallback: Bool
    }

    var store: any Store
    private(set) var kept: [TaskID: Task] = [:]
    private(set) var erased: [TaskID: Task] = [:]
    private let fixture: StoreFixture
    private let backups: String
    private var random: SeededGenerator
    private var seconds = 0.0
    private var words = 0

    init(_ fixture: StoreFixture, seed: UInt64) {
        self.fixture = fixture
        store = fixture.store
        backups = fixture.directory.path + "/backup-"
        random = SeededGenerator(seed: seed)
    }

    private mutating func content(_ sizes: ClosedRange<Int>) -> [UInt8] {
        words += 1
        // Small ones are as frequent as large ones.
        let scale = Double.random(in: 0...1, using: &random)
        let size = Double(sizes.lowerBound) * pow(Double(sizes.upperBound) / Double(sizes.lowerBound), scale)
        return TraceWords.content(words, bytes: Int(size))
    }

    @discardableResult
    private func commit(_ operations: StoreOperation...) throws -> [StoreReply] {
        try store.commit(operations, at: StoreFixture.start.adding(seconds: seconds)).map { try $0.get() }
    }

    /// A second of work.
    mutating func round() throws {
        seconds += 1
        for _ in 0..<Int.random(in: 0...2, using: &random) { try accept() }
        let open = kept.filter { !$0.value.isEnded }.keys.sorted { $0.number < $1.number }
        if open.count > 20, let id = open.randomElement(using: &random) { try end(id) }
        // One that is late.
        if seconds.truncatingRemainder(dividingBy: 50) == 0, let id = open.first, kept[id]?.isEnded == false {
            try end(id)
        }
        let ended = kept.filter(\.value.isEnded).keys.sorted { $0.number < $1.number }
        if let id = ended.randomElement(using: &random) {
            switch Int.random(in: 0..<3, using: &random) {
            case 0: try commit(.callback(.forget(id)))
            case 1: try commit(.callback(.postpone(id, attempts: 1_000, until: StoreFixture.start)))
            default: _ = try store.commit([.report(id, of: fixture.account, isGood: true)], at: StoreFixture.start)
            }
            if try store.callbackMessage(of: id) == nil { kept[id]?.hasCallback = false }
        }
        if seconds.truncatingRemainder(dividingBy: 20) == 0 { try erase() }
    }

    private mutating func accept() throws {
        var task = fixture.newTask([100], payload: content(8...20_000))
        var url: [UInt8] = []
        if Bool.random(using: &random) {
            url = Array("https://a.example/".utf8) + content(8...2_000)
            task.callback = CallbackTarget(
                url: String(decoding: url, as: UTF8.self), host: "a.example", taskName: .uuid)
        }
        guard case .accepted(let accepted)? = try commit(.accept(task)).first else { throw Unexpected([]) }
        kept[accepted.id] = Task(payload: task.payload, url: url, hasCallback: !url.isEmpty)
    }

    private mutating func end(_ id: TaskID) throws {
        kept[id]?.isEnded = true
        guard Int.random(in: 0..<8, using: &random) > 0 else {
            try commit(
                .settle(id, attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "no")))
            return
        }
        let solution = content(40...20_000)
        kept[id]?.solution = solution
        try commit(
            .attemptPending(id, attempt: 1, providerTask: "provider's own number"),
            .settle(
                id, attempt: 1, AttemptEnd(.solved), .solved(solution: solution, price: money(90), cost: .zero)))
    }

    private mutating func erase() throws {
        let time = StoreFixture.start.adding(seconds: seconds - 60)
        let replies = try commit(
            .eraseContent(endedUntil: time, atMost: Int.random(in: 20...120, using: &random)))
        let gone = try kept.keys.filter { try store.payload(of: $0) == nil }
        #expect(replies == [.erased(gone.count)])
        for id in gone { erased[id] = kept.removeValue(forKey: id) }
    }

    // MARK: What is found

    /// The words of contents that are erased and are in one of these files all the same.
    func traces(in files: [String]) -> Set<[UInt8]> {
        let gone = Set(erased.values.flatMap { [$0.payload, $0.url, $0.solution] }.map { Array($0.suffix(8)) })
        return files.reduce(into: []) { $0.formUnion(TraceWords.found(in: $1).intersection(gone)) }
    }

    /// Nothing that is erased is found in these files and in a backup of them, and everything else is as it was.
    func expectNoTraces(of path: String, at location: SourceLocation = #_sourceLocation) throws {
        // The log has what is not in the file yet; that what was erased is in neither is owed since the last erasure.
        let backup = backups + "\(Int(seconds)).db"
        try? FileManager.default.removeItem(atPath: backup)
        try store.backup(to: backup)
        for file in [path, path + "-wal", backup] {
            let found = traces(in: [file]).map { String(decoding: $0, as: UTF8.self) }.sorted()
            #expect(found == [], "of \(erased.count) in \(file.suffix(12))", sourceLocation: location)
        }
        let present = TraceWords.found(in: backup)
        for (id, task) in kept {
            #expect(try store.payload(of: id) == task.payload, sourceLocation: location)
            #expect(present.contains(Array(task.payload.suffix(8))), sourceLocation: location)
            if case .solved(let solution, _, _)? = try store.task(id)?.end?.outcome {
                #expect(solution == task.solution, sourceLocation: location)
            } else {
                #expect(task.solution == [], sourceLocation: location)
            }
            guard task.isEnded, task.hasCallback else { continue }
            let url = try #require(try store.callbackMessage(of: id)).target.url
            #expect(Array(url.utf8) == task.url, sourceLocation: location)
        }
        for id in erased.keys {
            #expect(try store.payload(of: id) == nil, sourceLocation: location)
            if case .solved(let solution, _, _)? = try store.task(id)?.end?.outcome {
                #expect(solution == [], sourceLocation: location)
            }
        }
    }
}
