import CKernels
import CProgramFacts

/// What computes on this machine: facts for a record of a run.
package struct NumericsIdentity: Sendable, Equatable {
  /// The instruction set of the program's own kernels: `avx512`.
  package let kernels: String
  /// What OpenBLAS says of itself, `OpenBLAS 0.3.21 …`; nil if it is not installed.
  package let openBLAS: String?

  package init(kernels: String, openBLAS: String?) { (self.kernels, self.openBLAS) = (kernels, openBLAS) }

  /// Those of this process. Opens OpenBLAS: 3 to 10 ms at the first call.
  package static var current: NumericsIdentity {
    // The library owns the text, which lives as long as the process.
    let openBLAS = unsafe String(cString: pf_openblas())
    return NumericsIdentity(kernels: instructionSet, openBLAS: openBLAS.isEmpty ? nil : openBLAS)
  }

  /// The name that the environment variable `UNMASK_ISA` has for the instruction set.
  private static var instructionSet: String {
    switch Int(ck_best_isa()) {
    case CK_AVX2: "avx2"
    case CK_AVX512: "avx512"
    case CK_AVX512_BF16: "avx512-bf16"
    default: "baseline"
    }
  }
}
