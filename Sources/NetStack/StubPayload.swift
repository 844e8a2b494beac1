public enum UDPPayload { public static func range(inFrame base: UnsafeRawPointer, length: Int) -> Range<Int>? { nil } }
