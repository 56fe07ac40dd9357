/// Choices of the published algorithm, computed by hand from its text with exact fractions.
struct Example: Sendable, CustomStringConvertible {
    let description: String
    /// The slider, and whether the preset is Reliable.
    let slider: Int
    let reliable: Bool
    /// Each candidate as its name, cost, seconds, success rate and, with an own key there, how many tasks it covers.
    let candidates: String
    /// Those that are left, best first, each with its score.
    let ranking: String
    /// Those that were dropped, each with the one that dominates it.
    let dropped: String

    init(
        _ description: String, _ slider: Int, reliable: Bool = false, _ candidates: String, _ ranking: String,
        dropped: String = ""
    ) {
        self.description = description
        self.slider = slider
        self.reliable = reliable
        self.candidates = candidates
        self.ranking = ranking
        self.dropped = dropped
    }

    static let all = [
        Example(
            "one candidate scores 1 whatever the slider",
            0, "a 2 10 100",
            "a 1"),
        Example(
            "one candidate that solves half",
            50, "a 2 10 50",
            "a 0.65"),
        Example(
            "one candidate that solves nothing keeps 0.3",
            50, "a 2 10 0",
            "a 0.3"),
        Example(
            "cheap and slow against dear and fast, at 0",
            0, "cheap 1 40 100, fast 3 10 100",
            "cheap 1, fast 0"),
        Example(
            "the same at 100",
            100, "cheap 1 40 100, fast 3 10 100",
            "fast 1, cheap 0"),
        Example(
            "the same at 50: equal scores, the cheaper first",
            50, "cheap 1 40 100, fast 3 10 100",
            "cheap 0.5, fast 0.5"),
        Example(
            "the same at 51",
            51, "cheap 1 40 100, fast 3 10 100",
            "fast 0.51, cheap 0.49"),
        Example(
            "the same at 49",
            49, "cheap 1 40 100, fast 3 10 100",
            "cheap 0.51, fast 0.49"),
        Example(
            "at 10, as autoCheapest has it",
            10, "cheap 1 40 100, fast 3 10 100",
            "cheap 0.9, fast 0.1"),
        Example(
            "at 90, as autoFastest has it",
            90, "cheap 1 40 100, fast 3 10 100",
            "fast 0.9, cheap 0.1"),
        Example(
            "a third in the middle of both",
            50, "cheap 1 50 100, mid 2 30 100, fast 5 10 100",
            "mid 0.625, cheap 0.5, fast 0.5"),
        Example(
            "the third at 25",
            25, "cheap 1 50 100, mid 2 30 100, fast 5 10 100",
            "cheap 0.75, mid 0.6875, fast 0.25"),
        Example(
            "the third at 75",
            75, "cheap 1 50 100, mid 2 30 100, fast 5 10 100",
            "fast 0.75, mid 0.5625, cheap 0.25"),
        Example(
            "the third at 0",
            0, "cheap 1 50 100, mid 2 30 100, fast 5 10 100",
            "cheap 1, mid 0.75, fast 0"),
        Example(
            "the third at 100",
            100, "cheap 1 50 100, mid 2 30 100, fast 5 10 100",
            "fast 1, mid 0.5, cheap 0"),
        Example(
            "slower and dearer: dropped",
            50, "bad 3 40 100, good 1 10 100",
            "good 1", dropped: "bad by good"),
        Example(
            "slower and dearer, though more reliable: dropped all the same",
            50, "bad 3 40 100, good 1 10 20",
            "good 0.44", dropped: "bad by good"),
        Example(
            "slower and as dear: stays",
            50, "a 2 10 100, b 2 30 100",
            "a 1, b 0.5"),
        Example(
            "as fast and dearer: stays",
            50, "a 2 10 100, b 4 10 100",
            "a 1, b 0.5"),
        Example(
            "slower and as dear wins by its success rate",
            25, "a 2 10 20, b 2 30 100",
            "b 0.75, a 0.44"),
        Example(
            "equal in both: the name decides",
            50, "b 2 10 90, a 2 10 90",
            "a 0.93, b 0.93"),
        Example(
            "equal in both: the success rate decides",
            50, "a 2 10 80, b 2 10 90",
            "b 0.93, a 0.86"),
        Example(
            "what was dropped does not stretch the scale",
            50, "a 1 20 100, b 2 10 100, far 50 100 100",
            "a 0.5, b 0.5", dropped: "far by a"),
        Example(
            "two are dropped, by the cheapest that dominates each",
            50, "a 1 20 100, b 2 10 100, c 3 15 100, d 4 30 100",
            "a 0.5, b 0.5", dropped: "c by b, d by a"),
        Example(
            "a success rate turns the order",
            50, "cheap 1 50 40, mid 2 30 100, fast 5 10 90",
            "mid 0.625, fast 0.465, cheap 0.29"),
        Example(
            "a success rate does not turn it at 0",
            0, "cheap 1 50 50, mid 4 30 100, fast 5 10 90",
            "cheap 0.65, mid 0.25, fast 0"),
        Example(
            "nothing solved against all solved",
            0, "cheap 1 50 0, fast 5 10 100",
            "cheap 0.3, fast 0"),
        Example(
            "nothing solved against little scored",
            0, "cheap 1 50 0, mid 4 30 100, fast 5 10 100",
            "cheap 0.3, mid 0.25, fast 0"),
        Example(
            "an own key that covers 100 tasks",
            50, "a 1 40 100, b 3 10 100 100",
            "b 0.575, a 0.5"),
        Example(
            "an own key that covers 1000 tasks counts as 100",
            50, "a 1 40 100, b 3 10 100 1000",
            "b 0.575, a 0.5"),
        Example(
            "an own key that covers 40 tasks",
            50, "a 1 40 100, b 3 10 100 40",
            "b 0.53, a 0.5"),
        Example(
            "an own key without balance",
            50, "a 1 40 100, b 3 10 100 0",
            "a 0.5, b 0.5"),
        Example(
            "an own key does not save what is dominated",
            50, "a 1 10 100, b 3 40 100 100",
            "a 1", dropped: "b by a"),
        Example(
            "own keys on both sides",
            60, "a 1 40 90 20, b 3 10 80 100",
            "b 0.5934, a 0.38316"),
        Example(
            "an own key against a better score",
            40, "a 1 40 100, b 3 10 100 100",
            "a 0.6, b 0.46"),
        Example(
            "two decimals of everything",
            30, "a 0.5 42.5 97.5, b 0.75 30 99, c 1.5 12.5 92",
            "a 0.68775, b 0.64545, c 0.2832"),
        Example(
            "reliable: the rate first",
            50, reliable: true, "a 1 10 90, b 2 20 99",
            "b 0, a 0.93"),
        Example(
            "reliable: less reliable is dominated, more reliable is not",
            50, reliable: true, "a 1 10 90, b 2 20 99, c 3 30 95",
            "b 0, a 0.93", dropped: "c by b"),
        Example(
            "reliable: equal whole percents, then the score",
            50, reliable: true, "a 1 40 98.6, b 3 10 99.4, c 2 15 99",
            "c 0.662, b 0.4979, a 0.4951"),
        Example(
            "reliable: slower, dearer and within the same percent is dropped",
            50, reliable: true, "a 1 10 98.6, b 2 20 99.4",
            "a 0.9902", dropped: "b by a"),
        Example(
            "reliable: halves are rounded up",
            50, reliable: true, "a 1 10 98.4, b 2 20 98.5",
            "b 0, a 0.9888"),
        Example(
            "five at 50",
            50, "a 1 50 100, b 2 40 80, c 3 20 90, d 4 15 95, e 5 10 60",
            "c 0.58125, d 0.5428125, a 0.5, b 0.43, e 0.36"),
        Example(
            "five at 80",
            80, "a 1 50 100, b 2 40 80, c 3 20 90, d 4 15 95, e 5 10 60",
            "d 0.72375, c 0.651, e 0.576, b 0.301, a 0.2"),
    ]
}
