/// Messages in one piece of memory, each as the engine's entry point takes it, so that a replay only hands out pointers.
///
/// An element has 40 bytes: its kind in the first, and from the eighth on what the entry point of that kind is given.
/// New order: id (8), sequence number (8), price (8), quantity (4), side (1), immediate-or-cancel (1). Cancellation: id,
/// sequence number. Modification: id, sequence number, price, quantity, side.
package final class PreparedMessages {
    static let stride = 40
    static let payload = 8

    package let count: Int
    let base: UnsafeMutableRawPointer

    init(count: Int) {
        self.count = count
        base = .allocate(byteCount: max(count, 1) * Self.stride, alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: count * Self.stride)
    }

    deinit { base.deallocate() }

    func set(_ index: Int, _ record: WorkloadRecord) {
        precondition(index >= 0 && index < count)
        let element = base + index * Self.stride
        element.storeBytes(of: record.kind.rawValue, as: UInt8.self)
        let message = element + Self.payload
        message.storeBytes(of: record.orderID, as: UInt64.self)
        message.storeBytes(of: record.sequence, toByteOffset: 8, as: UInt64.self)
        guard record.kind != .cancel else { return }
        message.storeBytes(of: record.price, toByteOffset: 16, as: Int64.self)
        message.storeBytes(of: record.quantity, toByteOffset: 24, as: UInt32.self)
        message.storeBytes(of: record.isSell ? 1 : 0, toByteOffset: 28, as: UInt8.self)
        guard record.kind == .new else { return }
        message.storeBytes(of: record.isImmediate ? 1 : 0, toByteOffset: 29, as: UInt8.self)
    }

    /// The kind of an element and what its entry point is given.
    package subscript(index: Int) -> (kind: UInt8, message: UnsafeRawPointer) {
        precondition(index >= 0 && index < count)
        let element = base + index * Self.stride
        return (element.load(as: UInt8.self), UnsafeRawPointer(element + Self.payload))
    }
}
