import Domain
import ProviderKit
import Routing

/// The world around a task's machine: the adapters that are loaded and what they sell, at one moment.
struct EngineSurroundings: TaskSurroundings {
    let now: Timestamp
    let providers: [String: Provider]
    let offers: OfferTable

    func knows(_ provider: String) -> Bool { providers[provider] != nil }

    func pollPlan(of provider: String) -> Manifest.PollPlan { providers[provider]?.pollPlan ?? Manifest.PollPlan() }

    func ticket(_ providerTask: String, _ family: TaskFamily, _ candidate: Candidate) -> Ticket {
        Ticket(id: providerTask, family: family, credential: credential(of: candidate))
    }

    func candidate(_ choice: CandidateChoice) -> Candidate? { offers.candidate(choice) }

    func cost(_ reported: String, reportedBy provider: String) -> Money? {
        guard let unit = providers[provider]?.unit, let cost = unit.usd(reported), cost >= .zero else { return nil }
        return cost
    }

    func credential(of candidate: Candidate) -> Credential? {
        candidate.credential.flatMap { providers[candidate.provider]?.credentials[$0] }
    }
}
