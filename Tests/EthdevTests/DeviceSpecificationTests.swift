import Ethdev
import Testing

@Suite struct DeviceSpecificationTests {
    @Test(arguments: [
        ("pci:0000:03:00.0", DeviceSpecification.pci("0000:03:00.0")),
        ("pci:ffff:ff:1f.7", .pci("ffff:ff:1f.7")),
        ("tap:wissel0", .tap("wissel0")),
        ("af_packet:veth1", .afPacket("veth1")),
        ("af_xdp:enp3s0f1.100", .afXDP("enp3s0f1.100")),
        ("memif:server:/run/x.sock:0", .memif(.server, socketPath: "/run/x.sock", id: 0)),
        ("memif:client:/run/x.sock:4294967295", .memif(.client, socketPath: "/run/x.sock", id: .max)),
        ("ring:r0", .ring("r0")),
        ("null:64", .null(packetBytes: 64, copy: false)),
        ("null:1518:copy", .null(packetBytes: 1518, copy: true)),
        ("pcap:rx.pcap:tx.pcap", .pcap(receiveFile: "rx.pcap", transmitFile: "tx.pcap")),
        ("pcap:rx.pcap:", .pcap(receiveFile: "rx.pcap", transmitFile: nil)),
        ("pcap::tx.pcap", .pcap(receiveFile: nil, transmitFile: "tx.pcap")),
    ])
    func `text and value are each other's inverse`(text: String, value: DeviceSpecification) throws {
        #expect(try DeviceSpecification(parsing: text) == value)
        #expect(value.description == text)
    }

    @Test(arguments: [
        "", "tap", "wissel0", "tap:", "tap:a name", "tap:a,mac=fixed", "tap:sixteen_letters_", "tap:..", "tap:a/b",
        "pci:", "pci:03:00.0", "pci:0000:03:20.0", "pci:0000:03:00.8", "pci:0000:03:00", "pci:00000:03:00.0",
        "pci:+000:03:00.0", "pci:0000:0g:00.0", "null:", "null:13", "null:16129", "null:64:move", "null:64:copy:x",
        "null:99999999999999999999", "memif:peer:/run/x:0", "memif:server:x:0", "memif:server:/run/x",
        "memif:server:/run/x:-1", "memif:server:/run/x,id=1:0", "ring:", "ring:sixteen_letters_", "pcap:", "pcap::",
        "pcap:a", "pcap:a:b:c", "pcap:a b:c", "pcap:a,rx_pcap=b:c", "eth:0", "TAP:x",
    ])
    func `malformed text is refused with a remedy`(text: String) {
        let error = ethdevError { () throws(EthdevError) in _ = try DeviceSpecification(parsing: text) }
        #expect(error?.kind == .specification)
        #expect(error?.attempt.hasPrefix("use the device \"") == true)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func `an error reads as one sentence`() {
        let error = ethdevError { () throws(EthdevError) in _ = try DeviceSpecification(parsing: "eth:0") }
        #expect(
            error?.description == "cannot use the device \"eth:0\": \"eth\" is no kind of device; "
                + "use pci, tap, af_packet, af_xdp, memif, ring, null or pcap")
    }
}
