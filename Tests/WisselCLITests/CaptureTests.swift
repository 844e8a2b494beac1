import Foundation
import NetStack
import TestSupport
import Testing

/// `wissel capture` beside a running node; the frames are pings, whose number is known.
@Suite(.serialized, .enabled(if: Program.canUseTAP, "needs root and /dev/net/tun")) struct CaptureTests {
    private func ready(_ arguments: [String] = []) throws -> Node {
        let node = try Node(arguments: arguments)
        try #require(node.process.waits(for: "ready\n"), "\(node.process.output)\(node.process.error)")
        return node
    }

    /// Starts a capture and waits until it is under way.
    private func capture(_ node: Node, _ arguments: String..., folder: TemporaryFolder) throws -> Running {
        let running = try Running(
            command: Program.path, ["capture", "--node", "\(node.process.processID)"] + arguments, folder: folder)
        #expect(running.waitsForError("capturing on tap:wissel0"), "\(running.error)")
        return running
    }

    private func ping(_ node: Node, _ count: Int) throws {
        let ping = try node.inside("/usr/bin/ping", "-c", "\(count)", "-i", "0.01", "-W", "2", "198.18.0.2")
        #expect(ping.status == 0, "\(ping.output)\(ping.error)")
    }

    private func tcpdump(_ path: String, _ arguments: String...) throws -> [Substring] {
        let result = try Program.run(command: "/usr/bin/tcpdump", ["-n", "-r", path, "--nano", "-tt"] + arguments)
        #expect(result.status == 0, "\(result.error)")
        return result.output.split(separator: "\n")
    }

    @Test func aFileHoldsWhatWentInAndOut() throws {
        let node = try ready()
        let folder = try TemporaryFolder()
        let file = folder.path + "/f.pcapng"
        let began = UInt64(Date().timeIntervalSince1970 * 1e9)
        let running = try capture(node, "-o", file, "--filter", "icmp", folder: folder)
        try ping(node, 50)
        running.terminate()
        #expect(running.wait(limitSeconds: 10) == 0, "\(running.error)")
        #expect(running.error.contains("100 frames (50 in, 50 out)"), "\(running.error)")
        #expect(running.error.contains("0 lost to the capture"), "\(running.error)")

        let reader = try CaptureReader(path: file)
        var stamps: [UInt64] = []
        var directions: [CaptureDirection] = []
        while let record = try reader.next() {
            stamps.append(record.timestampNanoseconds)
            directions.append(try #require(record.direction))
            #expect(record.originalLength == 98 && record.bytes.count == 98 && record.bytes[23] == 1)
            // Echo request in, echo reply out.
            #expect(record.bytes[34] == (record.direction == .inbound ? 8 : 0))
        }
        #expect(directions.count == 100 && directions.count { $0 == .inbound } == 50)
        let ended = UInt64(Date().timeIntervalSince1970 * 1e9)
        #expect(stamps.allSatisfy { (began &- 1_000_000...ended &+ 1_000_000).contains($0) })
        #expect(stamps == stamps.sorted())
        // The field has nanoseconds and the clock fills them.
        #expect(stamps.contains { $0 % 1_000 != 0 })
        let interface = try #require(reader.capturedInterfaces.first)
        #expect(interface.name == "tap:wissel0" && interface.description == "net_tap" && interface.filter == "icmp")
        let counted = try #require(reader.statistics[0])
        #expect(counted.filterAccepted == 100 && counted.delivered == 100 && counted.captureDropped == 0)
        #expect(counted.received >= 100)

        // Another program's word on it.
        let lines = try tcpdump(file)
        #expect(lines.count { $0.contains("198.18.0.1 > 198.18.0.2: ICMP echo request") } == 50)
        #expect(lines.count { $0.contains("198.18.0.2 > 198.18.0.1: ICMP echo reply") } == 50)
        _ = try node.stop()
    }

    @Test func countDirectionSnapLengthAndStandardOutput() throws {
        let node = try ready()
        let folder = try TemporaryFolder()
        let running = try capture(
            node, "-o", "-", "--filter", "icmp", "--direction", "tx", "--snaplen", "50", "--count", "7", "--interface",
            "wissel0", folder: folder)
        try ping(node, 20)
        #expect(running.wait(limitSeconds: 10) == 0, "\(running.error)")
        let reader = try CaptureReader(path: folder.path + "/out")
        var records = 0
        while let record = try reader.next() {
            records += 1
            #expect(record.direction == .outbound && record.bytes.count == 50 && record.originalLength == 98)
        }
        #expect(records == 7 && reader.statistics[0]?.delivered == 7)
        _ = try node.stop()
    }

    @Test func aSecondCaptureIsRefusedAndTheNextIsNot() throws {
        let node = try ready()
        let folder = try TemporaryFolder()
        let first = try capture(node, "-o", folder.path + "/1.pcapng", folder: folder)
        let second = try Program.run(
            "capture", "--node", "\(node.process.processID)", "-o", folder.path + "/2.pcapng")
        #expect(second.status == 1 && second.error.contains("another capture runs"), "\(second.error)")
        // A client that vanishes without a word.
        kill(first.processID, SIGKILL)
        _ = first.wait(limitSeconds: 10)
        let otherFolder = try TemporaryFolder()
        var next = try Program.run(
            "capture", "--node", "\(node.process.processID)", "-o", folder.path + "/3.pcapng", "--seconds", "0.2")
        for _ in 0..<20 where next.error.contains("another capture runs") {
            usleep(100_000)
            next = try Program.run(
                "capture", "--node", "\(node.process.processID)", "-o", folder.path + "/3.pcapng", "--seconds", "0.2")
        }
        #expect(next.status == 0, "\(next.error)")
        // The node goes on, and its end ends a capture.
        let last = try capture(node, "-o", folder.path + "/4.pcapng", folder: otherFolder)
        try ping(node, 5)
        _ = try node.stop()
        #expect(last.wait(limitSeconds: 10) == 0 && last.error.contains("ended by the node"), "\(last.error)")
    }

    @Test func aRingOfFilesKeepsTheNewest() throws {
        let node = try ready()
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/ring", withIntermediateDirectories: true)
        let running = try capture(
            node, "-o", folder.path + "/ring/f.pcapng", "--ring-files", "2", "--ring-megabytes", "1", folder: folder)
        // 3,000 echo requests of 1,442 bytes and their answers: 8.6 MB.
        let ping = try node.inside(
            "/usr/bin/ping", "-c", "3000", "-s", "1400", "-i", "0.001", "-W", "2", "-q", "198.18.0.2")
        #expect(ping.status == 0, "\(ping.output)")
        running.terminate()
        #expect(running.wait(limitSeconds: 10) == 0, "\(running.error)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/ring").sorted()
        #expect(files.count == 2, "\(files)")
        for file in files {
            #expect(file.hasPrefix("f_0000") && file.hasSuffix(".pcapng"))
            #expect(try tcpdump(folder.path + "/ring/" + file).count > 0)
        }
        _ = try node.stop()
    }

    /// The client's disk is full: it says so, and the node neither waits nor stops.
    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"))
    func aFullDiskEndsTheCaptureAndNotTheNode() throws {
        let disk = try #require(SmallDisk(megabytes: 1))
        let node = try ready()
        let folder = try TemporaryFolder()
        let running = try capture(node, "-o", disk.path + "/f.pcapng", folder: folder)
        _ = try node.inside("/usr/bin/ping", "-c", "1000", "-s", "1400", "-i", "0.001", "-W", "2", "-q", "198.18.0.2")
        #expect(running.wait(limitSeconds: 10) == 1, "\(running.error)")
        #expect(running.error.contains("No space left"), "\(running.error)")
        try ping(node, 5)
        _ = try node.stop()
    }

    @Test func wrongWishesAreSaid() throws {
        let filter = try Program.run("capture", "-o", "/dev/null", "--filter", "udp prt 9000")
        #expect(filter.status == 64 && filter.error.contains("syntax error"), "\(filter.error)")
        for wrong in [
            ["--count", "0"], ["--seconds", "0"], ["--snaplen", "13"], ["--direction", "up"], ["--ring-files", "3"],
        ] {
            let result = try Program.run(command: Program.path, ["capture", "-o", "/dev/null"] + wrong)
            #expect(result.status == 64, "\(wrong): \(result.error)")
        }
        #expect(try Program.run("capture", "-o", "-", "--ring-files", "3", "--ring-megabytes", "1").status == 64)
        let nobody = try Program.run("capture", "-o", "/dev/null", "--node", "999999999")
        #expect(nobody.status == 1 && nobody.error.contains("no node runs here"), "\(nobody.error)")
        let node = try ready()
        let interface = try Program.run(
            "capture", "--node", "\(node.process.processID)", "-o", "/dev/null", "--interface", "eth7")
        #expect(interface.status == 1 && interface.error.contains("it has tap:wissel0"), "\(interface.error)")
        _ = try node.stop()
    }
}
