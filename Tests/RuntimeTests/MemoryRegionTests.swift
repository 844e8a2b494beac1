import CPlatform
import Glibc
import Runtime
import Testing

@Suite struct MemoryRegionTests {
    private func region(_ base: UnsafeMutableRawPointer, _ bytes: Int) -> MemoryRegion {
        MemoryRegion(name: "test", address: UInt64(UInt(bitPattern: base)), byteCount: bytes)
    }

    @Test func pagesAreSomewhereOnceTheyAreTouched() throws {
        let bytes = 16 * 4_096
        let base = try #require(cplatform_pages_allocate(bytes))
        defer { cplatform_pages_free(base, bytes) }
        // Under a huge page one touch would be one for all.
        madvise(base, bytes, MADV_NOHUGEPAGE)
        let before = try region(base, bytes).pages(ofProcess: getpid())
        #expect(before == MemoryRegion.Pages(byNode: [:], untouched: 16))
        for page in 0..<4 { base.storeBytes(of: 1, toByteOffset: page * 4_096, as: UInt8.self) }
        let after = try region(base, bytes).pages(ofProcess: getpid())
        #expect(after.untouched == 12 && after.byNode.values.reduce(0, +) == 4)
        #expect(after.byNode.keys.allSatisfy { (0..<NUMA.nodeCount).contains($0) })
    }

    @Test func aRingIsThereFromItsStart() throws {
        let ring = SPSCRing<UInt64>(capacity: 1 << 15)
        defer { ring.deallocate() }
        let region = ring.region(named: "ring")
        let pages = try region.pages(ofProcess: getpid())
        #expect(pages.untouched == 0 && pages.byNode.values.reduce(0, +) >= (1 << 18) / 4_096)
        #expect(region.name == "ring" && region.byteCount > 1 << 18)
    }

    /// On a machine of one node there is nothing to choose; on others what is made near a CPU lies near it.
    @Test func memoryComesFromTheNodeOfTheCPU() throws {
        let policy = NUMA.MemoryPolicy()
        defer { policy.restore() }
        for cpu in AvailableCPUs.current().numbers {
            policy.prefer(near: cpu)
            let ring = SPSCRing<UInt64>(capacity: 1 << 15)
            defer { ring.deallocate() }
            let pages = try ring.region(named: "ring").pages(ofProcess: getpid())
            #expect(pages.byNode.keys.allSatisfy { $0 == NUMA.node(ofCPU: cpu) }, "CPU \(cpu): \(pages)")
        }
        policy.prefer(near: nil)
        policy.prefer(near: 1 << 20)
    }

    @Test func aProcessThatIsNotThereIsAnErrorWithARemedy() throws {
        let error = try #require(throws: RuntimeError.self) {
            try MemoryRegion(name: "none", address: 4_096, byteCount: 4_096).pages(ofProcess: 1 << 30)
        }
        #expect(error.description.contains("ask as root"), "\(error)")
    }

    @Test func piecesAreAddedUp() {
        var sum = MemoryRegion.Pages(byNode: [0: 2], untouched: 1)
        sum += MemoryRegion.Pages(byNode: [0: 1, 3: 4], untouched: 2)
        #expect(sum == MemoryRegion.Pages(byNode: [0: 3, 3: 4], untouched: 3))
    }
}
