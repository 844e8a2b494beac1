import Ethdev
import Testing

@Suite struct EALOptionsTests {
    @Test func `without huge pages and NICs`() {
        let options = EALOptions(hugePages: .none(megabytes: 128))
        #expect(
            options.arguments(lowestAllowedCPU: 3) == [
                "wissel", "--file-prefix=wissel", "--log-level=warning", "--no-huge", "--no-shconf", "-m", "128",
                "--lcores=0@3", "--no-pci", "--no-telemetry",
            ])
    }

    @Test func `with huge pages and two NICs`() {
        let options = EALOptions(
            pciAddresses: ["0000:03:00.0", "0000:81:00.1"], mainCPU: 200, filePrefix: "n1", telemetry: true,
            extraArguments: ["--iova-mode=va"])
        #expect(
            options.arguments(lowestAllowedCPU: 0) == [
                "wissel", "--file-prefix=n1", "--log-level=warning", "--in-memory", "--lcores=0@200",
                "-a", "0000:03:00.0", "-a", "0000:81:00.1", "--iova-mode=va",
            ])
    }

    @Test func `shared with secondary processes, three polling threads`() {
        let options = EALOptions(hugePages: .shared, filePrefix: "n1", pollingThreads: 3)
        #expect(
            options.arguments(lowestAllowedCPU: 2) == [
                "wissel", "--file-prefix=n1", "--log-level=warning", "--lcores=0@2,(1-3)@2", "--no-pci",
                "--no-telemetry",
            ])
    }
}
