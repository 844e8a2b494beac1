import Foundation

enum FileCopies {
    static func copyDirectory(from: String, to: String) throws {
        try FileManager.default.copyItem(atPath: from, toPath: to)
    }
}
