import TensorViews

/// The parameters of a file whose names differ only in numbers: one weight in all its layers, and in all its experts.
///
/// ```swift
/// let groups = NameGroup.groups(of: parameters)
/// groups[0].key         // "model.layers.#.mlp.experts.#.w1.weight"
/// groups[0].numbers     // 0, 0, 0, 1, … for layer 0 expert 0, layer 0 expert 1, …
/// ```
struct NameGroup {
  /// The name with `#` for numbers, and without the wrapper components that frameworks add.
  var key: String
  /// The number of numbers in a name.
  var width: Int
  /// The indices of the parameters.
  var members: [Int] = []
  /// Their numbers, `width` for each.
  var numbers: [Int] = []
  /// Elements of all of them.
  var elements = 0

  /// Number `i` of the name of member `member`.
  func number(_ i: Int, of member: Int) -> Int { numbers[member * width + i] }

  /// The groups of `parameters` whose elements are numbers, in the order of their first members. O(total length of the names).
  static func groups(of parameters: [Parameter]) -> [NameGroup] {
    var indices: [String: Int] = [:]
    var groups: [NameGroup] = []
    var bytes: [UInt8] = []
    var numbers: [Int] = []
    for (i, parameter) in parameters.enumerated() where parameter.isOfNumbers {
      numbers.removeAll(keepingCapacity: true)
      NameGroup.normalise(parameter.name, into: &bytes, numbers: &numbers)
      let key = String(decoding: bytes, as: UTF8.self)
      let index: Int
      if let known = indices[key] {
        index = known
      } else {
        index = groups.count
        indices[key] = index
        groups.append(NameGroup(key: key, width: numbers.count))
      }
      groups[index].members.append(i)
      groups[index].numbers += numbers
      groups[index].elements += parameter.count
    }
    return groups
  }

  /// Components that `torch.compile` and wrappers for parallel training put between others; they have no meaning.
  private static let wrappers = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"].map { Array($0.utf8) }

  /// `name` without wrappers.
  static func unwrapped(_ name: String) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false).filter { !wrappers.contains(Array($0.utf8)) }.joined(
      separator: ".")
  }

  /// Writes the key of `name` and its numbers. A number at the start of a name is not a layer number: it is kept.
  private static func normalise(_ name: String, into key: inout [UInt8], numbers: inout [Int]) {
    key.removeAll(keepingCapacity: true)
    var start = 0
    for byte in name.utf8 {
      key.append(byte)
      if byte == UInt8(ascii: ".") {
        key.removeLast()
        // A wrapper is removed with its dot; an empty component counts as a component.
        if !close(&key, from: start, &numbers) { key.append(byte) }
        start = key.count
      }
    }
    _ = close(&key, from: start, &numbers)
  }

  /// Ends the component that begins at `start`; true when it was a wrapper, which is then removed.
  private static func close(_ key: inout [UInt8], from start: Int, _ numbers: inout [Int]) -> Bool {
    let component = key[start...]
    if start > 0, let number = LayerNumber.parse(component) {
      numbers.append(number)
      key.removeSubrange(start...)
      key.append(UInt8(ascii: "#"))
    } else if component.first == UInt8(ascii: "#") {
      // A `#` in the name itself must not be taken for a number.
      key.append(UInt8(ascii: "#"))
    } else if component.first == UInt8(ascii: "_"), wrappers.contains(where: { component.elementsEqual($0) }) {
      key.removeSubrange(start...)
      return true
    }
    return false
  }
}
