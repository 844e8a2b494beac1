import CPlatform
import Glibc

/// Zeroed, page-aligned memory for the state of stages, on the NUMA node of the core that runs them.
public struct StageMemory: @unchecked Sendable {
    public let base: UnsafeMutableRawPointer
    public let byteCount: Int

    /// Maps memory; pages come from `node` as long as it has some, then from its neighbours.
    /// - Parameters:
    ///   - byteCount: at least 1.
    ///   - node: a NUMA node; nil leaves the choice to the kernel (the node of the first CPU that writes).
    /// - Throws: `RuntimeError.memoryNotAllocated`.
    public static func allocate(byteCount: Int, node: Int? = nil) throws(RuntimeError) -> StageMemory {
        precondition(byteCount > 0, "stage memory of \(byteCount) bytes")
        guard let base = cplatform_pages_allocate(byteCount, Int32(clamping: node ?? -1)) else {
            throw .memoryNotAllocated(bytes: byteCount, node: node, code: errno)
        }
        return StageMemory(base: base, byteCount: byteCount)
    }

    /// Gives the memory back. No stage may use it afterwards.
    public func deallocate() { cplatform_pages_free(base, byteCount) }
}
