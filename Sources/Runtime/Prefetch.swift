import CPlatform

/// Starts loading the cache line of an address that will be read soon. Any address is allowed.
@inlinable @inline(__always) public func prefetch(_ address: UnsafeRawPointer) { cplatform_prefetch_read(address) }
