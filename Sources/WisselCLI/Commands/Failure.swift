import ArgumentParser
import Foundation
import Node

/// Ends a command with a message on standard error and the exit code that fits the cause.
func failing<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as ExitCode {
        throw error
    } catch let error as ConfigurationError {
        standardError("error: the configuration is wrong\n\(error)")
        throw ExitCode(78)
    } catch let error as ValidationError {
        throw error
    } catch {
        standardError("error: \(error)")
        throw ExitCode.failure
    }
}

func standardError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
