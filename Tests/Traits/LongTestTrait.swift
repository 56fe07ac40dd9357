public import Testing

/// A test, or all tests of a suite, that keep a thread busy for long: see `ThreadLanes`.
public struct LongTestTrait: TestTrait, SuiteTrait, TestScoping {
    let lanes: ThreadLanes

    public var isRecursive: Bool { true }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await lanes.run(function)
    }
}

extension Trait where Self == LongTestTrait {
    /// Computes for seconds.
    public static var computesLong: Self { LongTestTrait(lanes: .computing) }

    /// Waits for other programs without giving its thread free.
    public static var waitsForPrograms: Self { LongTestTrait(lanes: .waiting) }
}
