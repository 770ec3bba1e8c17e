internal import CKernels
import ElementTypes

extension ElementType {
  /// What the kernels call a type that they read in place; nil for one that has to be widened before.
  var kernelType: Int32? {
    switch self {
    case .f32, .c64: Int32(CK_F32)
    case .f16: Int32(CK_F16)
    case .bf16: Int32(CK_BF16)
    default: nil
    }
  }
}
