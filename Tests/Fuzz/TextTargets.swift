import Ethdev
import Glibc
import Wire

/// IPv4 addresses, prefixes and MAC addresses as text, against the C library's reading of the first.
final class AddressTarget: FuzzTarget {
    var seeds: [[UInt8]] {
        [
            "192.0.2.7", "0.0.0.0", "255.255.255.255", "01.2.3.4", "1.2.3", "192.0.2.0/24", "10.0.0.0/8", "1.2.3.4/32",
            "192.0.2.7/24", "02:00:00:00:00:2a", "FF:ff:FF:ff:FF:ff", "2:0:0:0:0:1",
        ].map { Array($0.utf8) }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input.prefix(64), as: UTF8.self)
        let address = try? IPv4Address(parsing: text)
        if !text.utf8.contains(0) {
            var bytes = in_addr()
            let isAddress = inet_pton(AF_INET, text, &bytes) == 1
            hold(isAddress == (address != nil), "\(text.debugDescription): the C library says \(isAddress)")
            if let address { hold(address.rawValue == bytes.s_addr.bigEndian, "\(text) is read as \(address)") }
        }
        if let address { hold(address.description == text, "\(text) is written as \(address)") }
        if let prefix = try? IPv4Prefix(parsing: text) {
            hold((try? IPv4Prefix(parsing: "\(prefix)")) == prefix, "\(text) is written as \(prefix)")
            hold(prefix.contains(prefix.address) && prefix.contains(prefix.last), "\(prefix) lacks its own ends")
        }
        if let mac = try? MACAddress(parsing: text) {
            hold(mac.description == text.lowercased(), "\(text) is written as \(mac)")
        }
    }
}

/// A device as the configuration writes it.
final class DeviceTarget: FuzzTarget {
    var seeds: [[UInt8]] {
        [
            "pci:0000:03:00.0", "tap:wissel0", "af_packet:veth1", "af_xdp:veth1", "memif:server:/run/wissel.sock:0",
            "memif:client:/a:4294967295", "ring:r0", "null:64", "null:1518:copy", "pcap:in.pcap:out.pcap", "pcap::o",
            "pcap:i:", "tap:", "disk:x",
        ].map { Array($0.utf8) }
    }

    func run(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input.prefix(256), as: UTF8.self)
        do {
            let device = try DeviceSpecification(parsing: text)
            let written = device.description
            hold((try? DeviceSpecification(parsing: written)) == device, "\(text) is written as \(written)")
            // What goes on to DPDK is a list with commas; none may come from inside a name.
            hold(!written.contains(",") && !written.utf8.contains(0), "\(written.debugDescription) has a comma or NUL")
        } catch {
            hold(!error.cause.isEmpty && !error.remedy.isEmpty, "an error without cause or remedy: \(error)")
        }
    }
}
