import Glibc

/// Memory of the engine's tables. Large ones are touched at random, and with small pages a good part of the time would go into
/// finding the page, so they ask for huge ones; a kernel without them refuses the advice, and nothing but that time is lost.
///
/// Large ones come from the kernel and not from the allocator, which may give pages that are small already.
enum LargeMemory {
    private static let hugePageBytes = 2 << 20
    /// MADV_POPULATE_WRITE (Linux 5.14), which the C library's headers do not have yet.
    private static let populate: Int32 = 23

    /// Memory of zeros that starts on a cache line, to be given back with `deallocate`. Pages of a large one come when they
    /// are touched, or at once where memory is locked.
    static func allocate<Element: BitwiseCopyable>(
        _ type: Element.Type, count: Int
    ) -> UnsafeMutablePointer<Element> {
        let bytes = count * MemoryLayout<Element>.stride
        guard bytes >= hugePageBytes else {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
            return memory.bindMemory(to: type, capacity: count)
        }
        // A huge page begins at a multiple of its size; what is mapped too much goes back. The advice comes before the memory can be
        // written: where all memory is locked, the kernel brings the pages at that moment, and of the size it knows of then.
        let wanted = wholePages(bytes)
        let kind = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        let mapped = mmap(nil, wanted + hugePageBytes, PROT_NONE, kind, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { preconditionFailure("no \(bytes) bytes of memory for a table") }
        let before = (hugePageBytes - Int(bitPattern: mapped) % hugePageBytes) % hugePageBytes
        let memory = mapped + before
        if before > 0 { munmap(mapped, before) }
        munmap(memory + wanted, hugePageBytes - before)
        _ = madvise(memory, wanted, Int32(MADV_HUGEPAGE))
        guard mprotect(memory, wanted, PROT_READ | PROT_WRITE) == 0 else {
            preconditionFailure("no \(bytes) bytes of memory for a table")
        }
        return memory.bindMemory(to: type, capacity: count)
    }

    static func deallocate<Element>(_ memory: UnsafeMutablePointer<Element>, count: Int) {
        let bytes = count * MemoryLayout<Element>.stride
        if bytes >= hugePageBytes { munmap(memory, wholePages(bytes)) } else { memory.deallocate() }
    }

    /// Takes the pages of the first `count` elements of a large table of `capacity` from the kernel now. What stands there stays.
    static func touch<Element>(_ memory: UnsafeMutablePointer<Element>, count: Int, capacity: Int) {
        let stride = MemoryLayout<Element>.stride
        guard capacity * stride >= hugePageBytes else { return }
        _ = madvise(memory, wholePages(min(count, capacity) * stride), populate)
    }

    private static func wholePages(_ bytes: Int) -> Int { (bytes + hugePageBytes - 1) / hugePageBytes * hugePageBytes }
}
