import LinearAlgebra

/// The library for matrix products, opened at first use: a comparison in place works without it.
package enum RequiredLibrary {
  /// Opens OpenBLAS, 3 to 10 ms at the first call; throws when it is not installed.
  package static func open() throws(UnmaskError) {
    do { try OpenBLAS.require() } catch { throw UnmaskError(.missingLibrary, .missingLibrary(error.description)) }
  }
}
