import Testing

@testable import LinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Each in a process of its own: the environment belongs to all tests.
@Suite struct OpenBLASEnvironmentTests {
  @Test("opening OpenBLAS leaves the environment as it is")
  func opening() async {
    await #expect(processExitsWith: .success) {
      for name in ["OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE"] { unsafe unsetenv(name) }
      try OpenBLAS.require()
      for name in ["OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE"] where unsafe getenv(name) != nil { exit(1) }
    }
  }

  @Test("the environment is prepared with one thread, and a kernel that the user chose is kept")
  func preparing() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("OPENBLAS_NUM_THREADS", "7", 1)
      unsafe setenv("OPENBLAS_CORETYPE", "Haswell", 1)
      prepareOpenBLASEnvironment()
      let value = { (name: String) in unsafe getenv(name).map { unsafe String(cString: $0) } }
      guard value("OPENBLAS_NUM_THREADS") == "1", value("OPENBLAS_CORETYPE") == "Haswell" else { exit(1) }
    }
  }
}
