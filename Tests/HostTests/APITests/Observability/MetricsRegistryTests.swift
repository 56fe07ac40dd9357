import Testing

@testable import Observability

@Suite("Metrics")
struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    private var text: String { String(decoding: registry.render(), as: UTF8.self) }

    @Test("Everything is rendered in text format 0.0.4, by name")
    func format() {
        registry.gauge("b_level", "A level.").set(-5)
        let family = registry.counters("a_total", "Things.", labels: [MetricLabel("kind"), MetricLabel("way")])
        family.with("y", "in").increment(by: 2)
        family.with("x", "out").increment()
        registry.gauge("c_ratio", "A ratio.") { 0.25 }
        let histogram = registry.histogram("d_seconds", "Times.", bounds: [0.5, 0.1, 2])
        for value in [0.05, 0.1, 0.3, 2, 9] { histogram.observe(value) }
        #expect(
            text == """
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{kind="x",way="out"} 1
                a_total{kind="y",way="in"} 2
                # HELP b_level A level.
                # TYPE b_level gauge
                b_level -5
                # HELP c_ratio A ratio.
                # TYPE c_ratio gauge
                c_ratio 0.25
                # HELP d_seconds Times.
                # TYPE d_seconds histogram
                d_seconds_bucket{le="0.1"} 2
                d_seconds_bucket{le="0.5"} 3
                d_seconds_bucket{le="2"} 4
                d_seconds_bucket{le="+Inf"} 5
                d_seconds_sum 11.45
                d_seconds_count 5

                """)
    }

    @Test("Label values and help texts are escaped, illegal characters of names replaced")
    func escaping() {
        registry.counters("1 a-b:c", "One\nline \\ \"two\"", labels: [MetricLabel("1:x")]).with("a\"b\\c\nd")
            .increment()
        #expect(
            text == #"""
                # HELP _1_a_b:c One\nline \\ "two"
                # TYPE _1_a_b:c counter
                _1_a_b:c{_1_x="a\"b\\c\nd"} 1

                """#)
    }

    @Test("Numbers that are none are spelled as the format has it")
    func numbers() {
        let texts = [Double.infinity, -.infinity, .nan, 3, -0.5, 1e300].map(PrometheusText.number)
        #expect(texts == ["+Inf", "-Inf", "NaN", "3", "-0.5", "1e+300"])
    }

    @Test("A label with declared values counts anything else as other")
    func declaredValues() {
        let family = registry.counters("a_total", "", labels: [MetricLabel("call", values: ["x"])])
        family.with("x").increment()
        family.with("y").increment()
        family.with("z").increment()
        #expect(text.contains("a_total{call=\"x\"} 1\na_total{call=\"other\"} 2") || text.contains("other\"} 2\n"))
        #expect(family.all.count == 2)
    }

    @Test("Series beyond the limit are counted as other")
    func seriesLimit() {
        let family = registry.counters("a_total", "", labels: [MetricLabel("x"), MetricLabel("y")], limit: 3)
        for number in 0..<100 { family.with("\(number)", "v").increment() }
        for number in 0..<3 { #expect(family.with("\(number)", "v").value == 1) }
        #expect(family.with("other", "other").value == 97)
        #expect(family.all.count == 4)
    }

    @Test("A name registered twice is one metric; of another kind it is a second one")
    func twice() {
        registry.counter("a", "").increment()
        registry.counter("a", "").increment()
        registry.gauge("a", "").set(7)
        registry.gauge("a", "").add(1)
        registry.gauge("a", "") { 9 }
        #expect(registry.counter("a", "").value == 2)
        #expect(text.contains("\na 2\n"))
        #expect(text.contains("\na_gauge 8\n"))
        #expect(text.contains("\na_gauge_gauge 9\n"))
    }

    @Test("A histogram counts a duration in seconds, and ignores what is no number")
    func durations() {
        let histogram = registry.histogram("d", "", bounds: [1, .nan, .infinity, 1])
        histogram.observe(.milliseconds(1500))
        histogram.observe(Double.nan)
        #expect(histogram.snapshot == ([0, 1], 1.5))
    }

    @Test("Nothing is lost when many count at once and it is rendered meanwhile")
    func concurrency() async {
        let counter = registry.counter("a_total", "")
        let gauge = registry.gauge("b", "")
        let histogram = registry.histogram("c", "", bounds: [1, 2])
        let family = registry.counters("d_total", "", labels: [MetricLabel("x")])
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<10_000 {
                        counter.increment()
                        gauge.add(number.isMultiple(of: 2) ? 1 : -1)
                        histogram.observe(Double(number % 3))
                        family.with("\((number + task) % 5)").increment()
                    }
                }
            }
            for _ in 0..<20 { _ = registry.render() }
        }
        #expect(counter.value == 80_000)
        #expect(gauge.value == 0)
        #expect(histogram.snapshot.counts == [8 * 6667, 8 * 3333, 0])
        #expect(histogram.snapshot.sum == 8 * (3333 + 2 * 3333))
        #expect(family.all.map(\.series.value).reduce(0, +) == 80_000)
    }
}
