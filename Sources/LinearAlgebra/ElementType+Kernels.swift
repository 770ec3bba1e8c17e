internal import CKernels
import ElementTypes

extension ElementType {
  /// The kernels' number for a type that they read in place; nil for a type that must be widened first.
  var kernelType: Int32? {
    switch self {
    case .f32, .c64: Int32(CK_F32)
    case .f16: Int32(CK_F16)
    case .bf16: Int32(CK_BF16)
    default: nil
    }
  }
}
