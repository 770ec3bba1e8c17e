internal import ElementTypes

/// The names that descriptions of tensors need. None is looked up anywhere: each stands for a rule of this reader.
enum PickleGlobal: Equatable {
  /// A dictionary that keeps its order.
  case orderedDictionary
  /// A tensor: storage, start, shape, strides; the type is that of the storage.
  case tensor
  /// A tensor with its type.
  case typedTensor
  /// A tensor that training changes: the tensor itself.
  case parameter
  /// A tensor with attributes: a function, a class, the function's arguments and the attributes, which are left out.
  case tensorWithAttributes
  /// A class of tensors.
  case tensorClass
  /// A shape: a tuple.
  case size
  /// The name of a device.
  case device
  /// A class of storages; nil for bytes.
  case storage(ElementType?)
  /// A type of numbers.
  case type(ElementType)

  /// The rule for a name; nil when there is none.
  init?(module: String, name: String) {
    guard let found = Self.known["\(module).\(name)"] ?? Self.storage(module, name) ?? Self.type(module, name) else { return nil }
    self = found
  }

  private static let known: [String: PickleGlobal] = [
    "collections.OrderedDict": .orderedDictionary,
    "torch._utils._rebuild_tensor": .tensor,
    "torch._utils._rebuild_tensor_v2": .tensor,
    "torch._utils._rebuild_tensor_v3": .typedTensor,
    "torch._utils._rebuild_parameter": .parameter,
    "torch._utils._rebuild_parameter_with_state": .parameter,
    "torch._tensor._rebuild_from_type_v2": .tensorWithAttributes,
    "torch.Tensor": .tensorClass,
    "torch.nn.parameter.Parameter": .tensorClass,
    "torch.Size": .size,
    "torch.device": .device,
    "torch.storage.UntypedStorage": .storage(nil),
    "torch.UntypedStorage": .storage(nil),
  ]

  private static func storage(_ module: String, _ name: String) -> PickleGlobal? {
    guard module == "torch" || module == "torch.cuda" else { return nil }
    let type: ElementType? =
      switch name {
      case "FloatStorage": .f32
      case "DoubleStorage": .f64
      case "HalfStorage": .f16
      case "BFloat16Storage": .bf16
      case "LongStorage": .i64
      case "IntStorage": .i32
      case "ShortStorage": .i16
      case "CharStorage": .i8
      case "ByteStorage": .u8
      case "BoolStorage": .bool
      case "ComplexFloatStorage": .c64
      default: nil
      }
    return type.map { .storage($0) }
  }

  private static func type(_ module: String, _ name: String) -> PickleGlobal? {
    guard module == "torch" else { return nil }
    let type: ElementType? =
      switch name {
      case "float32", "float": .f32
      case "float64", "double": .f64
      case "float16", "half": .f16
      case "bfloat16": .bf16
      case "int64", "long": .i64
      case "int32", "int": .i32
      case "int16", "short": .i16
      case "int8": .i8
      case "uint8": .u8
      case "uint16": .u16
      case "uint32": .u32
      case "uint64": .u64
      case "bool": .bool
      case "complex64", "cfloat": .c64
      case "float8_e4m3fn": .f8E4M3
      case "float8_e5m2": .f8E5M2
      case "float8_e4m3fnuz": .f8E4M3FNUZ
      case "float8_e5m2fnuz": .f8E5M2FNUZ
      case "float8_e8m0fnu": .f8E8M0
      default: nil
      }
    return type.map { .type($0) }
  }
}
