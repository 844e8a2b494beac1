extension DeviceSpecification {
    /// Reads the text form. Nothing is looked up: whether the device exists shows on open.
    public init(parsing text: String) throws(EthdevError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw Self.malformed(text, "it has no kind before a colon", "write for example tap:wissel0")
        }
        let kind = text[..<colon]
        let rest = String(text[text.index(after: colon)...])
        let fields = rest.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch kind {
        case "pci": self = .pci(rest)
        case "tap": self = .tap(rest)
        case "af_packet": self = .afPacket(rest)
        case "af_xdp": self = .afXDP(rest)
        case "ring": self = .ring(rest)
        case "null":
            let copies = fields.count == 2 && fields[1] == "copy"
            guard let bytes = Int(fields[0]), fields.count == 1 || copies else {
                throw Self.malformed(text, "it is not a frame size and perhaps :copy", "write null:64 or null:64:copy")
            }
            self = .null(packetBytes: bytes, copy: copies)
        case "memif":
            guard fields.count == 3, let role = MemifRole(rawValue: fields[0]), let id = UInt32(fields[2]) else {
                throw Self.malformed(
                    text, "it is not role:socket:number", "write memif:server:/run/wissel.sock:0 or memif:client:…")
            }
            self = .memif(role, socketPath: fields[1], id: id)
        case "pcap":
            guard fields.count == 2 else {
                throw Self.malformed(
                    text, "it is not two file names with a colon between",
                    "write pcap:in.pcap:out.pcap, or pcap:in.pcap: to drop what is sent")
            }
            self = .pcap(
                receiveFile: fields[0].isEmpty ? nil : fields[0], transmitFile: fields[1].isEmpty ? nil : fields[1])
        default:
            throw Self.malformed(
                text, "\"\(kind)\" is no kind of device",
                "use pci, tap, af_packet, af_xdp, memif, ring, null or pcap")
        }
        try validate()
    }

    /// Checks what can be known without the machine: lengths, alphabets and ranges.
    public func validate() throws(EthdevError) {
        switch self {
        case .pci(let address):
            guard Self.isPCIAddress(address) else {
                throw Self.malformed(
                    "\(self)", "\"\(address)\" is not domain:bus:device.function in hexadecimal",
                    "write for example pci:0000:03:00.0; lspci -D lists them")
            }
        case .tap(let name), .afPacket(let name), .afXDP(let name), .ring(let name):
            guard Self.isName(name) else {
                throw Self.malformed(
                    "\(self)", "\"\(name)\" is no interface or ring name",
                    "use 1 to 15 letters, digits, '-', '_' or '.'")
            }
        case .memif(_, let path, _):
            guard path.hasPrefix("/"), path.utf8.count < 108, Self.isPath(path) else {
                throw Self.malformed(
                    "\(self)", "\"\(path)\" is no socket path",
                    "give an absolute path under 108 bytes without commas and blanks")
            }
        case .null(let bytes, _):
            guard (14...16128).contains(bytes) else {
                throw Self.malformed(
                    "\(self)", "\(bytes) bytes is no frame size", "use 14 to 16128, usually 64")
            }
        case .pcap(let receive, let transmit):
            guard receive != nil || transmit != nil else {
                throw Self.malformed("\(self)", "both files are missing", "name a file to receive or to write")
            }
            for path in [receive, transmit].compactMap({ $0 }) where path.isEmpty || !Self.isPath(path) {
                throw Self.malformed(
                    "\(self)", "DPDK cannot take the file name \"\(path)\"",
                    "use a name without commas, equals signs, colons, blanks and parentheses")
            }
        }
    }

    private static func malformed(_ text: String, _ cause: String, _ remedy: String) -> EthdevError {
        EthdevError(.specification, attempt: "use the device \"\(text)\"", cause: cause, remedy: remedy)
    }

    private static func isName(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Device arguments are a list of `key=value` with commas between, and the text form has colons.
    private static func isPath(_ path: String) -> Bool {
        !path.contains { ",=:()[]\"".contains($0) || $0.isWhitespace } && !path.utf8.contains(0)
    }

    /// `DDDD:BB:DD.F`, device 00…1f, function 0…7.
    private static func isPCIAddress(_ address: String) -> Bool {
        let parts = address.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 4 else { return false }
        let slot = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard slot.count == 2, slot[0].count == 2, let device = UInt8(slot[0], radix: 16), device < 32,
            let function = UInt8(slot[1], radix: 8), function < 8
        else { return false }
        return UInt16(parts[0], radix: 16) != nil && UInt8(parts[1], radix: 16) != nil
            && address.utf8.allSatisfy { $0 != 0x2B && $0 != 0x2D }
    }
}
