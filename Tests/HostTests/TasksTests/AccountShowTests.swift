import Domain
import ProviderKit
import Storage
import Tasks
import Testing

@Suite("What account show tells")
struct AccountShowTests {
    private let account = Account(
        id: AccountID(3), name: "shop", suspended: false, balance: Money(decimal: "9.5") ?? .zero,
        held: Money(decimal: "0.2") ?? .zero, createdAt: Timestamp(milliseconds: 0))

    private func totals(deposits: String = "10", reserved: String = "0.2") throws -> AccountTotals {
        AccountTotals(
            account: account,
            kinds: [
                .init(.deposit, count: 1, amount: try #require(Money(decimal: deposits))),
                .init(.taskCharge, count: 5, amount: try #require(Money(decimal: "0.5")).negated),
            ], openTasks: 2, reserved: try #require(Money(decimal: reserved)))
    }

    @Test("The account with its transactions by kind and its open tasks")
    func json() throws {
        #expect(
            try totals().json.text
                == #"{"account":3,"name":"shop","suspended":false,"balance":"9.5","held":"0.2","available":"9.3","#
                + #""transactions":[{"kind":"DEPOSIT","count":1,"amount":"10"},"#
                + #"{"kind":"TASK_CHARGE","count":5,"amount":"-0.5"}],"openTasks":2,"reserved":"0.2","addsUp":true}"#)
    }

    @Test("It adds up only when the kinds sum to the balance and the reservations to what is held")
    func addsUp() throws {
        #expect(try totals().addsUp)
        #expect(try !totals(deposits: "10.000000001").addsUp)
        #expect(try !totals(reserved: "0.199999999").addsUp)
        #expect(try totals(reserved: "0.3").json["addsUp"]?.bool == false)
    }

    @Test("The request travels as JSON, and is none without its account")
    func travels() {
        #expect(OperatorRequest(json: OperatorRequest.showAccount(AccountID(3)).json) == .showAccount(AccountID(3)))
        #expect(OperatorRequest(json: ["do": "showAccount"]) == nil)
    }
}
