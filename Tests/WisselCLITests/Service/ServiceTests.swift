import Foundation
import TestSupport
import Testing
import WisselCLI

/// What `wissel run` tells the service manager, on a real socket.
@Suite struct ServiceTests {
    /// A node without a network, under a manager that wants to hear from it within `watchdogSeconds`.
    private func node(
        _ socket: NotifySocket, watchdogSeconds: Double, in folder: TemporaryFolder, _ arguments: String...
    ) throws -> Running {
        let configuration = try Program.configuration(
            in: folder,
            changes: [
                ("device: tap:wissel0", "device: ring:service"),
                ("filePrefix: wissel", "filePrefix: service-\(getpid())"),
            ])
        return try Running(
            command: "/usr/bin/env",
            [
                "NOTIFY_SOCKET=\(socket.name)", "WATCHDOG_USEC=\(Int(watchdogSeconds * 1e6))", Program.path, "run",
                "--quiet", "--config", configuration,
            ] + arguments, folder: folder)
    }

    @Test func aNodeIsReadyAliveReloadsAndStops() throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket(folder.path + "/notify")
        let node = try node(socket, watchdogSeconds: 1, in: folder)
        try #require(socket.waits(for: "READY=1") != nil, "\(node.error)")
        #expect(socket.messages.first?["STATUS"]?.hasPrefix("starting") == true, "the replay comes before readiness")

        for _ in 0..<3 { #expect(socket.waits(for: "WATCHDOG=1", limitSeconds: 10) != nil) }
        #expect(socket.messages.last?["STATUS"]?.hasPrefix("running: 0 commands journaled, ") == true)

        kill(node.processID, SIGHUP)
        let reload = try #require(socket.waits(for: "RELOADING=1", limitSeconds: 10))
        #expect(reload["MONOTONIC_USEC"].flatMap { UInt64($0) } ?? 0 > 0)
        #expect(socket.waits(for: "READY=1", limitSeconds: 10) != nil)
        #expect(socket.waits(for: "WATCHDOG=1", limitSeconds: 10) != nil)

        node.terminate()
        #expect(socket.waits(for: "STOPPING=1", limitSeconds: 10) != nil)
        #expect(node.wait(limitSeconds: 20) == 0, "\(node.error)")
        #expect(socket.waits(for: "WATCHDOG=1", limitSeconds: 0.1) == nil, "a node that stops is not watched")
    }

    @Test(.enabled(if: Program.canUseTAP, "a network namespace takes root"))
    func anAbstractSocketIsReachedFromANetworkNamespace() throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket("@wissel-test-\(getpid())")
        let node = try node(socket, watchdogSeconds: 10, in: folder, "--isolated")
        #expect(socket.waits(for: "READY=1") != nil, "\(node.error)")
        node.terminate()
        #expect(socket.waits(for: "STOPPING=1") != nil)
        #expect(node.wait(limitSeconds: 20) == 0, "\(node.error)")
    }

    /// The debugger's interface holds one thread and leaves the others alone, as a stage that hangs does.
    @Test(.enabled(if: Program.canUseTAP, "holding a thread of another process takes root"))
    func aCoreThatHangsEndsTheWatchdogAndIsNamed() throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket(folder.path + "/notify")
        let node = try node(socket, watchdogSeconds: 2, in: folder)
        try #require(socket.waits(for: "WATCHDOG=1") != nil, "\(node.error)")
        let tasks = "/proc/\(node.processID)/task"
        let thread = try #require(
            try FileManager.default.contentsOfDirectory(atPath: tasks).first {
                (try? String(contentsOfFile: "\(tasks)/\($0)/comm", encoding: .utf8)) == "wissel-journal\n"
            })
        let holder = try TemporaryFolder()
        let debugger = try Running(
            command: "/usr/bin/python3",
            [
                "-c",
                """
                from ctypes import CDLL
                from time import sleep
                PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
                c = CDLL(None)
                assert c.ptrace(PTRACE_SEIZE, \(thread), 0, 0) == 0 and c.ptrace(PTRACE_INTERRUPT, \(thread), 0, 0) == 0
                print("held", flush=True)
                sleep(60)
                """,
            ], folder: holder)
        try #require(debugger.waits(for: "held"), "\(debugger.error)")
        let told = socket.wait(limitSeconds: 10) { $0["STATUS"]?.hasPrefix("core journal has not polled") == true }
        #expect(told != nil, "\(socket.messages)")
        #expect(socket.waits(for: "WATCHDOG=1", limitSeconds: 2.5) == nil, "the manager would not notice")

        // Not SIGTERM, which a process may inherit as blocked from the thread that started it.
        kill(debugger.processID, SIGKILL)
        _ = debugger.wait(limitSeconds: 10)
        #expect(socket.waits(for: "WATCHDOG=1", limitSeconds: 10) != nil, "it gets on again")
        node.terminate()
        #expect(node.wait(limitSeconds: 20) == 0, "\(node.error)")
        #expect(node.output.contains("warning: core journal has not polled"), "\(node.output)")
    }

    @Test func namesOfSockets() {
        #expect(ServiceManager.address(of: "/a") == [1, 0, 47, 97, 0])
        #expect(ServiceManager.address(of: "@a") == [1, 0, 0, 97])
        for name in ["", "/", "@", "a", "vsock:2:1", "/" + String(repeating: "a", count: 107)] {
            #expect(ServiceManager.address(of: name) == nil, "\(name)")
        }
        #expect(ServiceManager.address(of: "/" + String(repeating: "a", count: 106))?.count == 110)
        #expect(ServiceManager(environment: [:]) == nil)
        func watchdog(_ more: [String: String]) -> UInt64? {
            ServiceManager(environment: ["NOTIFY_SOCKET": "/a"].merging(more) { $1 })?.watchdogNanoseconds
        }
        #expect(watchdog(["WATCHDOG_USEC": "10000000"]) == 10_000_000_000)
        #expect(watchdog(["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "\(getpid())"]) == 10_000_000_000)
        #expect(watchdog(["WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "1"]) == nil)
        for wrong in ["", "0", "-1", "soon", "18446744073709551615"] {
            #expect(watchdog(["WATCHDOG_USEC": wrong]) == nil)
        }
    }
}
