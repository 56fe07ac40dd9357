import Domain
import ProviderKit
@testable import Tasks
import Testing

@Suite("The answers of a provider to submits")
struct SubmitAnswersTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func after(_ seconds: Double) -> Timestamp { start.adding(seconds: seconds) }

    /// Those of a provider that has answered so many submits, each within so many seconds.
    private func answers(_ count: Int, seconds: Double) -> SubmitAnswers {
        var answers = SubmitAnswers()
        for _ in 0..<count { _ = answers.answered(since: after(-seconds), at: start) }
        return answers
    }

    private func isSilent(_ answers: SubmitAnswers, after seconds: Double) -> Bool {
        var answers = answers
        return answers.findSilence(submitSeconds: 30, at: after(seconds))
    }

    @Test("show that it is silent after four times what is slow there, and not before five seconds")
    func usual() {
        for (usual, patience) in [(0.1, 5.0), (1, 5), (2, 8), (10, 40)] {
            var answers = answers(10, seconds: usual)
            answers.began(at: start)
            #expect(!isSilent(answers, after: patience - 0.1), "\(usual)")
            #expect(isSilent(answers, after: patience), "\(usual)")
        }
    }

    @Test("show it after half of what a submit may take where there are few of them")
    func unknown() {
        var answers = answers(7, seconds: 0.1)
        answers.began(at: start)
        #expect(!isSilent(answers, after: 14.9))
        #expect(isSilent(answers, after: 15))
    }

    @Test("show nothing of one that is slow while others are answered")
    func others() {
        var answers = answers(10, seconds: 0.1)
        answers.began(at: start)
        answers.began(at: after(4))
        let wasSilent = answers.answered(since: after(4), at: after(4.5))
        #expect(!wasSilent && !isSilent(answers, after: 100))
        answers.began(at: after(100))
        #expect(!isSilent(answers, after: 104))
        #expect(isSilent(answers, after: 105))
    }

    @Test("tell that the silence is over, once; and there is none where no submit is under way")
    func ends() {
        var answers = answers(10, seconds: 0.1)
        answers.began(at: start)
        let found = answers.findSilence(submitSeconds: 30, at: after(6))
        let first = answers.answered(since: start, at: after(7))
        let second = answers.answered(since: start, at: after(8))
        #expect(found && first && !second)
        answers.began(at: after(10))
        _ = answers.endSilence()
        #expect(!isSilent(answers, after: 100))
    }

    @Test("are those of the last submits alone")
    func window() {
        var answers = answers(1_000, seconds: 10)
        for _ in 0..<Limits.rememberedSubmits { _ = answers.answered(since: after(-0.1), at: start) }
        answers.began(at: start)
        #expect(isSilent(answers, after: 5))
    }

    @Test("are what the provider says, be it that it cannot; no connection and no process is none")
    func answerOrNot() {
        #expect(CallAnswer(.submitted(.pending(id: "1")), sent: .maybe).isAnswer)
        #expect(CallAnswer(.fault(Fault(.overloaded)), sent: .maybe).isAnswer)
        #expect(!CallAnswer(.fault(Fault(.transport)), sent: .maybe).isAnswer)
        #expect(!CallAnswer(.fault(Fault(.overloaded)), sent: .maybe, crashed: true).isAnswer)
    }
}
