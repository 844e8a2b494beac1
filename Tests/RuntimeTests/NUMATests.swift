import Runtime
import Testing

@Suite struct NUMATests {
    @Test func everyCPUHasANode() {
        #expect(NUMA.nodeCount >= 1)
        for cpu in AvailableCPUs.current().numbers { #expect(NUMA.node(ofCPU: cpu) ?? -1 >= 0) }
    }

    @Test(arguments: [-1, 1 << 20, Int.max]) func unknownCPUHasNone(cpu: Int) {
        #expect(NUMA.node(ofCPU: cpu) == nil)
    }
}
