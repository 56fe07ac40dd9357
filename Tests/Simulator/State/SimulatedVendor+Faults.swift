import ProviderKit

extension SimulatedVendor {
    /// What goes out when something goes wrong.
    func deliver(_ fault: ScriptedFault, instead real: SimulatedAnswer?, _ route: Route) -> SimulatedAnswer {
        var answer = real ?? .text("")
        switch fault.kind {
        case .error: answer = errorAnswer(.scripted(fault.code), route)
        case .status: answer = .text("<html><body><h1>\(fault.status)</h1></body></html>", status: fault.status)
        case .garbage: answer = SimulatedAnswer(200, "application/json", [0x1F, 0x8B, 0x08, 0x00, 0xFF, 0xFE, 0x7B])
        case .html:
            answer = .text("<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>")
        case .empty: answer = .text("")
        case .nonsense: answer = .json(["ok": true])
        case .cut:
            if real == nil { answer = .json(["errorId": 0, "status": "ready", "solution": ["text": "lost"]]) }
            answer.delivery = .cut
        case .stall: answer.delivery = .stalled
        case .reset, .lost: answer.delivery = .reset
        case .slow: answer.delay = fault.seconds
        }
        return answer
    }

    /// A problem in the words of the interface that was used.
    func errorAnswer(_ problem: Problem, _ route: Route) -> SimulatedAnswer {
        switch route.interface {
        case .forms: formError(problem, route)
        default: jsonError(problem, route)
        }
    }
}
