/// A value that hardly anything has, kept apart: what has none pays one word for it.
@frozen
@propertyWrapper
public struct Rare<Value: Sendable>: Sendable {
    @usableFromInline
    @frozen
    indirect enum Box: Sendable {
        case value(Value)
    }

    @usableFromInline var box: Box?

    @inlinable
    public init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    /// The value; nil where there is none.
    @inlinable
    public var wrappedValue: Value? {
        get {
            guard case .value(let value)? = box else { return nil }
            return value
        }
        set {
            if let newValue { box = .value(newValue) } else { box = nil }
        }
    }
}
