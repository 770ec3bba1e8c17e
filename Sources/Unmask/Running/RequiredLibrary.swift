import LinearAlgebra

/// The library that products of matrices need, opened when it is first needed: a comparison in place works without it.
enum RequiredLibrary {
  /// Opens OpenBLAS, 3 to 10 ms at the first call; throws when it is not installed.
  static func open() throws(UnmaskError) {
    do { try OpenBLAS.require() } catch { throw UnmaskError(.missingLibrary, .missingLibrary(error.description)) }
  }
}
