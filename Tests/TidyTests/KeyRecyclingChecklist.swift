/// What the recycling of keys promises its users, fact by fact, each with the tests that show it.
enum KeyRecyclingChecklist {
    static let items: [ChecklistItem] = purpose + steps + credits + states + management + formats + secrecy + flow

    private static let purpose = [
        ChecklistItem(
            1, "What is left on a key at a provider becomes credit here.", "RecycledKeyStoreTests/credit",
            "RecycledKeyEndToEndTests/whole"),
        ChecklistItem(
            2, "The credit grows with the tasks that are solved through the key.", "RecycledKeyStoreTests/attempts",
            "RecycledKeyEndToEndTests/whole"),
    ]

    private static let steps = [
        ChecklistItem(
            3, "An owner hands a key over and names the provider that it is of.", "RecycledKeyCallTests/submitsNew",
            "RecycledKeyStoreTests/submit", "RecycledKeyServiceTests/submit"),
        ChecklistItem(
            4, "The provider is asked at once whether the key is good, and what its balance is.",
            "RecycledKeyServiceTests/submit", "CheckPlanTests/order", "WrongKeysTests/checks"),
        ChecklistItem(
            5, "A key that is good joins the platform's keys in routing.", "RecycledKeyChoiceTests/ownFirst",
            "KeeperLifeTests/accepted"),
        ChecklistItem(
            6, "The choice between providers may fall on it for tasks that come in.",
            "RecycledKeyChoiceTests/withoutPlatformKeys", "RecycledKeyEngineTests/coverage",
            "WrongKeysTests/underWay", "WrongKeysTests/shut"),
        ChecklistItem(
            7, "Each task that is solved through it is a RECYCLE_CREDIT of what the provider really charged.",
            "RecycledKeyStoreTests/credit", "RecycledKeyValueTests/credits", "UnsentAttemptTests/waitsForKey",
            "UnsentAttemptTests/sentAfterWaiting", "UnsentAttemptTests/notStored",
            "RecyclingSimulationTests/crowded"),
        ChecklistItem(
            8, "A provider at which the requester has a key with money on it gets up to 15 percent more of a score.",
            "KeyCoverageTests/bias", "KeyCoverageTests/counts"),
        ChecklistItem(
            9, "A key whose money is used up becomes DEPLETED by itself and takes no more tasks.",
            "RecycledKeyLifeTests/transitions", "RecycledKeyLifeTests/takesTasks",
            "RecycledKeyEngineTests/emptiesMidTask", "KeeperLifeTests/emptied",
            "KeeperLifeTests/contradicted"),
    ]

    private static let credits = [
        ChecklistItem(
            10, "The credit is in the balance as soon as the task is solved: in the same commit.",
            "RecycledKeyStoreTests/ownKey", "RecycledKeyStoreTests/creditedOnce"),
        ChecklistItem(
            11, "It is a dollar for a dollar: exactly what the provider charged for the solve.",
            "RecycledKeyValueTests/costs", "RecyclingSimulationTests/creditsEqualCosts"),
        ChecklistItem(
            12, "It can be spent on every type of task at every provider, as what was paid in.",
            "RecycledKeyStoreTests/ownKey"),
        ChecklistItem(
            13, "Each credit is a RECYCLE_CREDIT of its own in the account's history.", "TransactionCallTests/json",
            "HistoryStoreTests/transactions"),
    ]

    private static let states = [
        ChecklistItem(
            14, "PENDING: the key was handed over and is being asked about.", "RecycledKeyLifeTests/new",
            "RecycledKeyStoreTests/submit", "RecycledKeyServiceTests/unavailable"),
        ChecklistItem(
            15, "ACTIVE: it was found good and takes part in routing.", "RecycledKeyLifeTests/transitions",
            "RecycledKeyLifeTests/takesTasks"),
        ChecklistItem(
            16, "DEPLETED: its money is used up.", "RecycledKeyLifeTests/transitions", "RecycledKeyStoreTests/funds"),
        ChecklistItem(
            17, "INVALID: the provider refuses it, because it is wrong, has expired or was disabled.",
            "RecycledKeyLifeTests/transitions", "KeeperLifeTests/findings", "KeeperLifeTests/faults"),
        ChecklistItem(
            18, "REMOVED: its owner has taken it out.", "RecycledKeyLifeTests/transitions",
            "RecycledKeyStoreTests/drained"),
    ]

    private static let management = [
        ChecklistItem(
            19, "Everything about keys is done in one place: the calls under /v1, or the command line.",
            "RecycledKeyCallTests/metrics", "AccountDocumentationTests/examples", "RecycledKeyTests/whole",
            "RecycledKeyPageTests/pages", "RecycledKeyPageTests/history"),
        ChecklistItem(
            20, "A new key is handed over by provider and text.",
            "RecycledKeyCallTests/submitsNew", "RecycledKeyCallTests/badBodies"),
        ChecklistItem(
            21, "It is asked about when it is handed over, before anything else is.", "RecycledKeyServiceTests/submit",
            "CheckPlanTests/order"),
        ChecklistItem(
            22, "One that fails is INVALID, with a description of why.",
            "RecycledKeyCallTests/one", "RecycledKeyCallTests/reasons", "KeeperLifeTests/findings"),
        ChecklistItem(
            23, "The balance of each active key is read anew every five minutes.", "CheckPlanTests/periods",
            "CheckPlanTests/spread"),
        ChecklistItem(
            24, "Its owner can have it read at any time, to see the latest figure.",
            "RecycledKeyCallTests/checksAndRemoves", "CheckPlanTests/afresh", "RecycledKeyServiceTests/owners",
            "RecycledKeyCallTests/answered", "KeeperLifeTests/answered"),
        ChecklistItem(
            25, "A key can be taken out at any time.",
            "RecycledKeyCallTests/checksAndRemoves", "KeeperLifeTests/removed"),
        ChecklistItem(
            26, "A key that was taken out gets no further task from that moment on.", "RecycledKeyChoiceTests/unpooled",
            "RecycledKeyEngineTests/unpooledInLine", "KeeperLifeTests/removed"),
        ChecklistItem(
            27, "It may be handed over again later, when there still is money on it.", "RecycledKeyStoreTests/sameKey",
            "RecycledKeyServiceTests/again", "KeptDriftTests/suspended", "KeptDriftTests/below"),
    ]

    private static let formats = [
        ChecklistItem(
            28, "Keys of every provider that is supported can be handed over.", "RecycledKeyEndToEndTests/whole"
        ),
        ChecklistItem(29, "A key of 2Captcha is 32 hexadecimal digits.", "TwoCaptchaVendorTests/keyFormat"),
        ChecklistItem(30, "A key of CapSolver begins with CAP-, or CAI-.", "CapSolverVendorTests/keyFormat"),
        ChecklistItem(31, "A key of Anti-Captcha is 32 hexadecimal digits.", "AntiCaptchaVendorTests/keyFormat"),
        ChecklistItem(32, "A key of CapMonster Cloud is a plain API key.", "CapMonsterVendorTests/manifest"),
        ChecklistItem(33, "A key of Multibot is a plain API key.", "BalanceTests/keyFormat"),
        ChecklistItem(34, "A key of another host of this kind is a plain API key.", "RefusalTests/manifest"),
    ]

    private static let secrecy = [
        ChecklistItem(
            35, "A key is encrypted with AES-256-GCM before it is stored.", "CipherTests/encrypts",
            "KeyVaultTests/roundTrip", "RecycledKeyStoreTests/misplaced"),
        ChecklistItem(
            36, "The database holds it encrypted only.", "RecycledKeyEndToEndTests/whole",
            "RecycledKeyFileTests/erased", "KeyVaultTests/swapped"),
        ChecklistItem(
            37, "It is decrypted in memory, and only while a call to the provider needs it.",
            "KeyVaultTests/secret", "LentHTTPTests/keyInItsPlace", "KeyTracesTests/wiped"),
        ChecklistItem(
            38, "It is shown in no answer after it was handed over, only masked.",
            "RecycledKeyCallTests/submitsNew", "RecycledKeyCallTests/list", "RecycledKeyCallTests/badBodies",
            "RecycledKeyEndToEndTests/whole"),
        ChecklistItem(
            39, "It stands in no log and in no report of an error.",
            "KeyTracesTests/forms", "LentHTTPTests/stealsKey", "RecycledKeyEndToEndTests/whole"),
    ]

    private static let flow = [
        ChecklistItem(
            40, "A task that is routed to a recycled key is submitted to the provider with that key.",
            "RecycledKeyEngineTests/emptiesMidTask", "RecycledKeyEndToEndTests/whole"),
        ChecklistItem(
            41, "The provider takes the cost from that key's balance.", "BalanceDriftTests/onlyHere",
            "RecycledKeyEndToEndTests/whole"),
        ChecklistItem(
            42, "What the provider took is recorded.", "RecycledKeyValueTests/costs", "BalanceDriftTests/elsewhere",
            "BalanceDriftTests/givenBack", "BalanceDriftTests/package", "KeeperLifeTests/duringCheck",
            "KeptDriftTests/betweenBalances", "KeptDriftTests/evading",
            "RecyclingSimulationTests/expenseIsBounded"),
        ChecklistItem(
            43, "A RECYCLE_CREDIT of exactly that amount is added to the owner's balance.",
            "RecycledKeyStoreTests/credit", "RecyclingSimulationTests/creditsEqualCosts"),
        ChecklistItem(
            44, "Nothing is added to a credit and no fee is taken from it.", "RecycledKeyValueTests/costs",
            "RecycledKeyEngineTests/margin", "RecyclingSimulationTests/creditsEqualCosts"),
        ChecklistItem(
            45, "The owner gets the whole cost at the provider.", "RecycledKeyValueTests/credits",
            "RecyclingSimulationTests/creditsEqualCosts"),
    ]
}
