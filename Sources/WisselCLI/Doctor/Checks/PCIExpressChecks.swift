import Runtime

/// The way between NIC and memory.
enum PCIExpressChecks {
    static let all = [
        MachineCheck("pcie-width", "devices", width),
        MachineCheck("pcie-speed", "devices", speed),
        MachineCheck("pcie-mrrs", "devices", readRequest),
        MachineCheck("pcie-aspm", "devices", powerSaving),
    ]

    /// Asks every port that has a place on PCI Express.
    private static func each(
        _ machine: ExaminedMachine, _ body: (_ path: String, _ address: String) -> Outcome?
    ) -> [Outcome] {
        machine.ports.compactMap { port in
            guard let path = port.path, machine.folder.exists("\(path)/current_link_width") else { return nil }
            let address = port.pciAddress ?? machine.folder.link(path) ?? ""
            return body(path, address)?.on(port.device)
        }
    }

    private static func width(_ machine: ExaminedMachine) -> [Outcome] {
        each(machine) { path, address in
            guard let now = machine.folder.number("\(path)/current_link_width"),
                let most = machine.folder.number("\(path)/max_link_width")
            else { return nil }
            if now >= most { return .pass("x\(now)") }
            return .warn(
                "x\(now), and the device has x\(most)",
                remedy: "sudo lspci -vv -s \(address) | grep Lnk   # then a slot with all its lanes")
        }
    }

    private static func speed(_ machine: ExaminedMachine) -> [Outcome] {
        func gigatransfers(_ path: String) -> Double? {
            machine.folder.line(path)?.split(separator: " ").first.flatMap { Double($0) }
        }
        return each(machine) { path, address in
            guard let now = gigatransfers("\(path)/current_link_speed"),
                let most = gigatransfers("\(path)/max_link_speed")
            else { return nil }
            if now >= most { return .pass("\(fixed(now, 1)) GT/s") }
            return .warn(
                "\(fixed(now, 1)) GT/s, and the device can do \(fixed(most, 1))",
                remedy: "sudo lspci -vv -s \(address) | grep Lnk   # then a slot of its generation")
        }
    }

    /// The most a NIC reads from memory in one request, which limits what it can send (PCI Express Base Specification,
    /// Device Control Register; DPDK guide "How to get best performance with NICs on Intel platforms").
    private static func readRequest(_ machine: ExaminedMachine) -> [Outcome] {
        each(machine) { path, address in
            guard let bytes = maximumReadRequest(machine.folder.bytes("\(path)/config", count: 256)) else {
                return .pass("not told; root can read it")
            }
            if bytes >= 512 { return .pass("\(grouped(bytes)) bytes") }
            return .warn(
                "\(bytes) bytes in one read request: sending needs more of them",
                remedy: "sudo setpci -s \(address) CAP_EXP+8.w=5000:7000   # 4,096 bytes")
        }
    }

    /// Bytes, from the list of capabilities in a device's configuration space; nil where it cannot be seen.
    private static func maximumReadRequest(_ bytes: [UInt8]) -> Int? {
        // Status bit 4: there is a list; it begins where 0x34 says.
        guard bytes.count >= 64, bytes[6] & 0x10 != 0 else { return nil }
        var offset = Int(bytes[0x34] & 0xFC)
        for _ in 0..<48 where offset >= 64 && offset + 10 <= bytes.count {
            if bytes[offset] == 0x10 { return 128 << Int(bytes[offset + 9] >> 4 & 7) }
            offset = Int(bytes[offset + 1] & 0xFC)
        }
        return nil
    }

    private static func powerSaving(_ machine: ExaminedMachine) -> [Outcome] {
        each(machine) { path, _ in
            let states = ["l0s_aspm", "l1_aspm"].filter { machine.folder.number("\(path)/link/\($0)") == 1 }
            if states.isEmpty { return .pass("the link does not sleep") }
            let files = states.map { "\(path)/link/\($0)" }.joined(separator: " ")
            return .warn(
                "the link sleeps when nothing is sent (\(states.joined(separator: ", "))), and takes µs to wake",
                remedy: Remedy.write("0", to: files))
        }
    }
}
