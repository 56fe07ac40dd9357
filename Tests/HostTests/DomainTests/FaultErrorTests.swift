import Domain
import ProviderKit
import Testing

@Suite("What clients are told of a fault")
struct FaultErrorTests {
    @Test(
        "has no code of the provider's, nor its words on what it could not solve, but what is said of the task",
        arguments: [
            (.unsolvable(charged: false), "ERROR_CAPTCHA_UNSOLVABLE: No fee was taken.", ""),
            (.unsolvable(charged: false), "ERROR_CAPTCHA_UNSOLVABLE", ""),
            (.unsolvable(charged: false), "No number up to 99 fits.", "No number up to 99 fits."),
            (.badTask(field: nil), "ERROR_BAD_PARAMETERS: The key has 9 digits.", "The key has 9 digits."),
            (.badTask(field: nil), "ERROR_: x", "x"),
            (.badTask(field: nil), "ERROR_Codes differ.", "ERROR_Codes differ."),
            (.proxy, "Connection refused.", "Connection refused."),
            (.noFunds, "ERROR_ZERO_BALANCE: Top up key 7.", ""),
        ] as [(Fault.Kind, String, String)])
    func words(kind: Fault.Kind, message: String, told: String) {
        #expect(ClientError(Fault(kind, message)).detail == told)
    }
}
