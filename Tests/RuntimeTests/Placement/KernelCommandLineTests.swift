import Runtime
import Testing

@Suite struct KernelCommandLineTests {
    @Test func hugePagesAreCountedForTheNodeThatNeedsThem() {
        #expect(KernelCommandLine.HugePages(megabytes: 113, nodes: 1).count == 57)
        let large = KernelCommandLine.HugePages(megabytes: 2_500, nodes: 2)
        #expect(large.pageMegabytes == 1_024 && large.count == 6)
        #expect(KernelCommandLine.HugePages(megabytes: 1, nodes: 0).count == 1)
    }

    @Test func coresThatShareStayAsTheyAre() throws {
        let topology = try RecordedMachine.small[3].read()
        let placement = CorePlacement(on: topology, networkNodes: [nil])
        #expect(KernelCommandLine(for: placement, topology: topology).arguments.isEmpty)
        let pages = KernelCommandLine.HugePages(megabytes: 100, nodes: 1)
        #expect(
            KernelCommandLine(for: placement, topology: topology, hugePages: pages).text
                == "default_hugepagesz=2M hugepagesz=2M hugepages=50")
        let large = KernelCommandLine.HugePages(megabytes: 3_000, nodes: 1)
        #expect(
            KernelCommandLine(for: placement, topology: topology, hugePages: large).text
                == "default_hugepagesz=1G hugepagesz=1G hugepages=3")
    }
}
