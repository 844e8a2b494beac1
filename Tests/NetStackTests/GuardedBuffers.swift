import Glibc
import NetStack

/// Packet buffers of one page, each in front of a page nobody may touch: a read or write one byte behind a frame that
/// ends where its buffer ends stops the test.
struct GuardedBuffers {
    static let pageSize = 4096
    let memory: LoopbackDevice.BufferMemory
    private let size: Int

    init(count: Int) {
        size = count * 2 * Self.pageSize
        guard let base = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED
        else { fatalError("no memory for \(count) guarded buffers: errno \(errno)") }
        for index in 0..<count {
            let guardPage = base + (2 * index + 1) * Self.pageSize
            guard mprotect(guardPage, Self.pageSize, PROT_NONE) == 0 else { fatalError("mprotect: errno \(errno)") }
        }
        memory = .init(
            base: base, stride: 2 * Self.pageSize, capacity: Self.pageSize, count: count, placesFramesAtEnd: true)
    }

    func deallocate() { munmap(memory.base, size) }
}
