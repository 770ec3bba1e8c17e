extension ElementType {
  /// Real numbers in one element: 2 for complex numbers (real part first), else 1.
  package var componentsPerElement: Int { self == .c64 ? 2 : 1 }

  /// Bits of one component: the size of one number in a file.
  package var componentBits: Int { bits / componentsPerElement }

  /// Whether a `Float` holds every value of the type exactly.
  package var isExactInFloat: Bool {
    switch self {
    case .i32, .u32, .f64, .i64, .u64: false
    default: true
    }
  }

  /// Stored bits of the mantissa, for the types that weights are trained in; nil for the others.
  package var mantissaBits: Int? {
    switch self {
    case .bf16: 7
    case .f16: 10
    case .f32: 23
    case .f64: 52
    default: nil
    }
  }
}
