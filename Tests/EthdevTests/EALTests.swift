import Ethdev
import Foundation
import Testing

extension EnvironmentTests {
    @Suite struct EALTests {
        init() throws { try EnvironmentTests.startEAL() }

        @Test func `a second start with the same or smaller wishes keeps the running one`() throws {
            try EAL.start(EnvironmentTests.options)
            try EAL.start(EALOptions(hugePages: .none(megabytes: 64)))
            #expect(EAL.isStarted)
            #expect(EAL.runningOptions == EnvironmentTests.options)
        }

        @Test(arguments: [
            EALOptions(hugePages: .inMemory), EALOptions(hugePages: .none(megabytes: 4096)),
            EALOptions(hugePages: .none(megabytes: 64), pciAddresses: ["0000:03:00.0"]),
        ])
        func `a second start with other wishes is refused`(options: EALOptions) {
            let error = ethdevError { () throws(EthdevError) in try EAL.start(options) }
            #expect(error?.kind == .environment)
            #expect(error?.cause.hasPrefix("it runs with ") == true)
        }

        @Test(arguments: [
            EALOptions(hugePages: .none(megabytes: 0)), EALOptions(hugePages: .none(megabytes: .max)),
            EALOptions(hugePages: .none(megabytes: 64), filePrefix: "a/b"),
        ])
        func `options out of range are refused`(options: EALOptions) {
            #expect(ethdevError { () throws(EthdevError) in try EAL.start(options) }?.kind == .configuration)
        }

        @Test func `the start leaves every thread's CPU affinity as it was`() throws {
            var allowed: Set<String> = []
            for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
                let status = try? String(contentsOfFile: "/proc/self/task/\(thread)/status", encoding: .utf8)
                guard let lines = status?.split(separator: "\n"), lines.first?.contains("eal-") == false else {
                    continue
                }
                allowed.formUnion(lines.filter { $0.hasPrefix("Cpus_allowed:") }.map(String.init))
            }
            #expect(allowed.count == 1)
        }

        @Test func `a polling thread registers and unregisters`() throws {
            let failure: EthdevError?? = try? onThread {
                let error = ethdevError { () throws(EthdevError) in
                    try EAL.registerThread()
                    try EAL.registerThread()
                }
                EAL.unregisterThread()
                EAL.unregisterThread()
                return error
            }
            #expect(failure == .some(.none))
        }

        @Test func `stop is refused while a port is open`() throws {
            let port = try EthdevPort(.null(packetBytes: 64, copy: false), configuration: smallPort)
            let error = ethdevError { () throws(EthdevError) in try EAL.stop() }
            #expect(error?.cause == "1 ports are open")
            #expect(port.close() == 0)
        }
    }
}
