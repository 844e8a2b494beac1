import Runtime
import Testing

@Suite struct StageMemoryTests {
    /// A node that the machine lacks is a wish that cannot be met, not a failure.
    @Test(arguments: [nil, 0, 1000, -7], [1, 4096, 3_000_001]) func memoryIsZeroAndWritable(node: Int?, bytes: Int)
        throws
    {
        let memory = try StageMemory.allocate(byteCount: bytes, node: node)
        defer { memory.deallocate() }
        #expect(memory.byteCount == bytes)
        #expect(UInt(bitPattern: memory.base) % 4096 == 0)
        let all = UnsafeMutableRawBufferPointer(start: memory.base, count: bytes)
        #expect(all.allSatisfy { $0 == 0 })
        all[bytes - 1] = 1
    }

    @Test func tooMuchIsAnErrorWithARemedy() throws {
        let error = try #require(throws: RuntimeError.self) { try StageMemory.allocate(byteCount: 1 << 60, node: 0) }
        #expect(error.description.contains("on NUMA node 0: Cannot allocate memory: free memory"), "\(error)")
    }
}
