/// A queue over an array: what is taken leaves a gap at the front that is closed now and then.
struct FIFO<Element> {
    private var elements: [Element?] = []
    private var taken = 0

    var count: Int { elements.count - taken }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard taken < elements.count else { return nil }
        let element = elements[taken]
        elements[taken] = nil
        taken += 1
        if taken == elements.count {
            elements.removeAll(keepingCapacity: elements.capacity <= 1024)
            taken = 0
        } else if taken >= 512, taken * 2 >= elements.count {
            elements.removeFirst(taken)
            taken = 0
        }
        return element
    }

    /// Takes everything.
    mutating func removeAll() -> [Element] {
        defer { self = FIFO() }
        return elements[taken...].compactMap(\.self)
    }
}
