/// What a `LoopbackDevice` keeps under its lock: the buffers and both queues.
struct LoopbackPool {
    let memory: LoopbackDevice.BufferMemory
    private(set) var freeCount: Int
    /// A stack of the numbers of free buffers, and for each buffer whether it is on the stack.
    private let freeStack: UnsafeMutablePointer<Int>
    private let isFree: UnsafeMutablePointer<Bool>
    /// A header for each buffer, as DPDK's buffers have one.
    private let headers: UnsafeMutableRawPointer
    private var received: PacketQueue
    var transmitted: PacketQueue

    init(_ memory: LoopbackDevice.BufferMemory, queueCapacity: Int) {
        self.memory = memory
        freeCount = memory.count
        freeStack = .allocate(capacity: memory.count)
        isFree = .allocate(capacity: memory.count)
        for index in 0..<memory.count {
            (freeStack + index).initialize(to: index)
            (isFree + index).initialize(to: true)
        }
        headers = .allocate(byteCount: memory.count * Packet.Layout.byteCount, alignment: 64)
        received = PacketQueue(capacity: queueCapacity)
        transmitted = PacketQueue(capacity: queueCapacity)
    }

    func deallocate() {
        freeStack.deallocate()
        isFree.deallocate()
        headers.deallocate()
        received.deallocate()
        transmitted.deallocate()
    }

    mutating func inject(_ frame: UnsafeRawBufferPointer, _ flags: Packet.Flags) -> Bool {
        guard frame.count <= memory.capacity, received.count < received.capacity, let packet = takeBuffer() else {
            return false
        }
        if memory.placesFramesAtEnd { packet.bytes += memory.capacity - frame.count }
        if let start = frame.baseAddress { packet.bytes.copyMemory(from: start, byteCount: frame.count) }
        packet.length = UInt32(frame.count)
        packet.flags = flags
        return received.push(packet)
    }

    mutating func receive(_ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let packets = packets.assumingMemoryBound(to: Packet.self)
        var taken = 0
        while taken < count, let packet = received.pop() {
            (packets + taken).initialize(to: packet)
            taken += 1
        }
        return taken
    }

    mutating func transmit(_ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let packets = packets.assumingMemoryBound(to: Packet.self)
        var sent = 0
        while sent < count, transmitted.push(packets[sent]) { sent += 1 }
        return sent
    }

    mutating func allocate(_ packets: UnsafeMutableRawPointer, _ count: Int) -> Int {
        guard count <= freeCount else { return 0 }
        let packets = packets.assumingMemoryBound(to: Packet.self)
        var taken = 0
        while taken < count, let packet = takeBuffer() {
            (packets + taken).initialize(to: packet)
            taken += 1
        }
        return taken
    }

    mutating func free(_ packets: UnsafeMutableRawPointer, _ count: Int) {
        let packets = packets.assumingMemoryBound(to: Packet.self)
        for position in 0..<count {
            let offset = packets[position].header - headers
            let index = offset / Packet.Layout.byteCount
            precondition(
                offset % Packet.Layout.byteCount == 0 && index >= 0 && index < memory.count,
                "freed a packet of another device")
            precondition(!isFree[index], "freed a packet twice")
            isFree[index] = true
            freeStack[freeCount] = index
            freeCount += 1
        }
    }

    private mutating func takeBuffer() -> Packet? {
        guard freeCount > 0 else { return nil }
        freeCount -= 1
        let index = freeStack[freeCount]
        isFree[index] = false
        return Packet(
            header: headers + index * Packet.Layout.byteCount, bytes: memory.base + index * memory.stride,
            capacity: memory.capacity)
    }
}
