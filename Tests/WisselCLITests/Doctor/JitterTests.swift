import Foundation
import Runtime
import TestSupport
import Testing

/// `wissel doctor --jitter`: what takes a CPU away is seen.
@Suite(.serialized) struct JitterTests {
    @Test func eachCPUHasItsFigures() throws {
        let report = try DoctorReport(arguments: ["--jitter", "0.2"])
        let jitter = try #require(report.jitter)
        let cpus = AvailableCPUs.current().numbers
        #expect(jitter.map(\.cpu) == cpus && report.checks.filter { $0.id == "jitter" }.count == cpus.count)
        for one in jitter {
            #expect(one.gaps >= 0 && one.longestNanoseconds <= one.sumNanoseconds, "\(one)")
            #expect(one.percentile999Nanoseconds <= one.longestNanoseconds)
            #expect(one.gaps == 0 || one.sumNanoseconds >= one.gaps * 990, "\(one)")
            #expect(one.sumNanoseconds < 400_000_000)
        }
        #expect(try DoctorReport(arguments: []).jitter == nil)
    }

    /// The scheduler gives each of two that want a CPU milliseconds in turn.
    @Test func anotherProgramOnTheCPUIsSeen() throws {
        let folder = try TemporaryFolder()
        let cpu = try #require(AvailableCPUs.current().numbers.last)
        let other = try Running(
            command: "/usr/bin/taskset", ["-c", "\(cpu)", "/bin/sh", "-c", "while :; do :; done"], folder: folder)
        let report = try DoctorReport(arguments: ["--jitter", "1"])
        other.terminate()
        let one = try #require(report.jitter?.first { $0.cpu == cpu })
        #expect(one.longestNanoseconds > 1_000_000 && one.sumNanoseconds > 200_000_000, "\(one)")
        let check = try #require(report.checks.first { $0.id == "jitter" && $0.found.hasPrefix("CPU \(cpu): ") })
        #expect(check.verdict == "warn" && check.remedy.contains("perf sched record -C \(cpu)"))
    }

    @Test func whatCannotBeMeasuredIsRefused() throws {
        #expect(try Program.run("doctor", "--jitter", "0").status == 64)
        #expect(try Program.run("doctor", "--jitter", "1", "--root", "/nowhere").status == 64)
    }
}
