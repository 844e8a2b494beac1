import Glibc

/// Memory of the engine's tables. Large ones are touched at random, and with small pages a good part of the time would go into
/// finding the page, so they ask for huge ones; a kernel without them refuses the advice, and nothing but that time is lost.
enum LargeMemory {
    private static let hugePageBytes = 2 << 20

    /// Uninitialised memory that starts on a cache line, to be given back with `deallocate()`.
    static func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
        let bytes = count * MemoryLayout<Element>.stride
        let isLarge = bytes >= hugePageBytes
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? hugePageBytes : 64)
        if isLarge { _ = madvise(memory, bytes, Int32(MADV_HUGEPAGE)) }
        return memory.bindMemory(to: type, capacity: count)
    }
}
