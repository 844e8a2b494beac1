import Synchronization
import Wire

/// A network device inside the process: what a test injects is received, what is transmitted a test takes.
///
/// Buffers come from a fixed pool and every one of them is counted, so that a leaked packet shows as a free count that
/// does not come back, and one freed twice stops the program. Any thread may call anything: one lock guards it all,
/// because this device is for tests and demonstrations, not for speed.
public struct LoopbackDevice: @unchecked Sendable {
    /// Where the buffers lie, for tests that bring their own memory (guard pages behind each buffer).
    public struct BufferMemory: @unchecked Sendable {
        public let base: UnsafeMutableRawPointer
        /// Bytes from one buffer to the next; at least `capacity`.
        public let stride: Int
        /// Bytes of a buffer.
        public let capacity: Int
        public let count: Int
        /// Injected frames end where their buffer ends instead of beginning where it begins.
        public let placesFramesAtEnd: Bool

        public init(
            base: UnsafeMutableRawPointer, stride: Int, capacity: Int, count: Int, placesFramesAtEnd: Bool = false
        ) {
            precondition(
                capacity > 0 && capacity <= 65_535 && count > 0 && stride >= capacity,
                "buffers must not overlap or be empty")
            self.base = base
            self.stride = stride
            self.capacity = capacity
            self.count = count
            self.placesFramesAtEnd = placesFramesAtEnd
        }
    }

    /// The device as the stack sees it.
    public let device: PacketDevice
    private let pool: UnsafeMutablePointer<LockedPool>
    private let ownedMemory: UnsafeMutableRawPointer?

    /// - Parameters:
    ///   - bufferCount: buffers in the pool.
    ///   - bufferCapacity: bytes of each, so the longest frame.
    ///   - queueCapacity: frames that wait in each direction; `bufferCount` unless told.
    public init(
        bufferCount: Int = 512, bufferCapacity: Int = 2048, queueCapacity: Int? = nil,
        macAddress: MACAddress = MACAddress(rawValue: 0x0200_0000_0001), mtu: Int = 1500
    ) {
        let base = UnsafeMutableRawPointer.allocate(byteCount: bufferCount * bufferCapacity, alignment: 64)
        let memory = BufferMemory(base: base, stride: bufferCapacity, capacity: bufferCapacity, count: bufferCount)
        self.init(
            memory: memory, owned: base, queueCapacity: queueCapacity ?? bufferCount, macAddress: macAddress, mtu: mtu)
    }

    /// A device over memory the caller keeps until after `deallocate()`.
    public init(
        memory: BufferMemory, queueCapacity: Int? = nil,
        macAddress: MACAddress = MACAddress(rawValue: 0x0200_0000_0001), mtu: Int = 1500
    ) {
        self.init(
            memory: memory, owned: nil, queueCapacity: queueCapacity ?? memory.count, macAddress: macAddress, mtu: mtu)
    }

    private init(
        memory: BufferMemory, owned: UnsafeMutableRawPointer?, queueCapacity: Int, macAddress: MACAddress, mtu: Int
    ) {
        ownedMemory = owned
        pool = .allocate(capacity: 1)
        pool.initialize(to: LockedPool(LoopbackPool(memory, queueCapacity: queueCapacity)))
        device = PacketDevice(
            context: UnsafeMutableRawPointer(pool),
            receive: { context, packets, count in Self.pool(context).locked { $0.receive(packets, count) } },
            transmit: { context, packets, count in Self.pool(context).locked { $0.transmit(packets, count) } },
            allocate: { context, packets, count in Self.pool(context).locked { $0.allocate(packets, count) } },
            free: { context, packets, count in Self.pool(context).locked { $0.free(packets, count) } },
            macAddress: macAddress.rawValue, mtu: mtu)
    }

    private static func pool(_ context: UnsafeMutableRawPointer) -> UnsafeMutablePointer<LockedPool> {
        context.assumingMemoryBound(to: LockedPool.self)
    }

    /// Gives all memory back, packets still on their way included.
    public func deallocate() {
        pool.locked { $0.deallocate() }
        pool.deinitialize(count: 1)
        pool.deallocate()
        ownedMemory?.deallocate()
    }

    // MARK: The far end of the wire

    /// Puts a frame before the receiver; false when it is too long, no buffer is free or the queue is full.
    @discardableResult
    public func inject(_ frame: UnsafeRawBufferPointer, flags: Packet.Flags = []) -> Bool {
        pool.locked { $0.inject(frame, flags) }
    }

    @discardableResult
    public func inject(_ frame: [UInt8], flags: Packet.Flags = []) -> Bool {
        frame.withUnsafeBytes { inject($0, flags: flags) }
    }

    /// The oldest frame sent, or nil.
    public func takeTransmitted() -> [UInt8]? {
        pool.locked { pool in
            guard var packet = pool.transmitted.pop() else { return nil }
            let bytes = [UInt8](UnsafeRawBufferPointer(start: packet.bytes, count: Int(packet.length)))
            pool.free(&packet, 1)
            return bytes
        }
    }

    /// Throws away all frames sent; returns how many.
    @discardableResult
    public func discardTransmitted() -> Int {
        pool.locked { pool in
            var count = 0
            while var packet = pool.transmitted.pop() {
                pool.free(&packet, 1)
                count += 1
            }
            return count
        }
    }

    /// Buffers nobody holds; equals `bufferCount` when all packets came to their end.
    public var freeBufferCount: Int { pool.locked { $0.freeCount } }
    public var bufferCount: Int { pool.locked { $0.memory.count } }
}

/// The pool beside its lock rather than in it: packets are plain pointers, which `Mutex` would not let out again.
struct LockedPool: ~Copyable {
    let lock = Mutex(())
    var pool: LoopbackPool

    init(_ pool: LoopbackPool) { self.pool = pool }
}

extension UnsafeMutablePointer where Pointee == LockedPool {
    func locked<Result: Sendable>(_ body: (inout LoopbackPool) -> Result) -> Result {
        pointee.lock.withLock { _ in body(&pointee.pool) }
    }
}
