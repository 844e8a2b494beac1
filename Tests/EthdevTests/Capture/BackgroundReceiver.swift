import Foundation
import NetStack
import Synchronization

/// A thread that does what a network stage does with a port: it receives, and frees what comes.
final class BackgroundReceiver: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)
    let received = Atomic<Int>(0)

    init(_ device: PacketDevice) {
        let thread = Thread { [self] in
            let packets = UnsafeMutablePointer<Packet>.allocate(capacity: 32)
            defer { packets.deallocate() }
            while !isOver.load(ordering: .acquiring) {
                let count = device.receive(into: packets, count: 32)
                device.free(packets, count: count)
                received.wrappingAdd(count, ordering: .relaxed)
            }
            ended.signal()
        }
        thread.start()
    }

    func stop() {
        isOver.store(true, ordering: .releasing)
        ended.wait()
    }
}
