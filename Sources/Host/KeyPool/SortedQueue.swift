/// Elements in order, each once. What is put in or taken out is found by halving.
struct SortedQueue<Element: Comparable & Sendable>: Sendable {
    private(set) var elements: [Element] = []

    var first: Element? { elements.first }

    mutating func insert(_ element: Element) {
        elements.insert(element, at: place(of: element))
    }

    /// Takes out an element that is there.
    mutating func remove(_ element: Element) {
        let place = place(of: element)
        guard place < elements.count, elements[place] == element else { return }
        elements.remove(at: place)
    }

    /// Takes out the elements at the front that are below the bound, in their order.
    mutating func removeAll(below bound: (Element) -> Bool) -> [Element] {
        let count = elements.firstIndex { !bound($0) } ?? elements.count
        defer { elements.removeFirst(count) }
        return Array(elements.prefix(count))
    }

    private func place(of element: Element) -> Int {
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            if elements[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
