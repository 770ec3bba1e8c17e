import TensorFiles
import TensorViews

/// Layers read from numbers in names, at any position: `blk.3.q`, `q_L3`, `t3x2`.
///
/// A number counts layers if the tensors whose names differ only in it have one shape, and if the same numbers occur in most
/// names. Names that are numbered consecutively (`t0` … `t57`) or random do not count: their shapes differ at the same position.
/// Cost: O(total length of names).
enum IndexedNames {
  /// A name divided into the text between numbers, and the numbers.
  struct Template: Hashable {
    /// The name with `#` for every number.
    var text: String
    /// The numbers, from left to right; one of more than nine digits is text.
    var numbers: [Int]

    /// The text with how many numbers there are: a `#` of the name itself looks like a number in the text.
    var pattern: String { "\(text) \(numbers.count)" }

    /// Divides `name`.
    init(_ name: String) {
      var text: [UInt8] = []
      var numbers: [Int] = []
      var digits: [UInt8] = []
      func flush() {
        if digits.isEmpty { return }
        if digits.count <= 9, let number = Int(String(decoding: digits, as: UTF8.self)) {
          numbers.append(number)
          text.append(UInt8(ascii: "#"))
        } else {
          text += digits
        }
        digits = []
      }
      for byte in name.utf8 {
        if (0x30...0x39).contains(byte) {
          digits.append(byte)
        } else {
          flush()
          text.append(byte)
        }
      }
      flush()
      self.text = String(decoding: text, as: UTF8.self)
      self.numbers = numbers
    }

    /// The name with these numbers in their positions and `#` for those of `free`.
    func key(free: Set<Int>) -> String {
      text + numbers.indices.map { free.contains($0) ? "/#" : "/\(numbers[$0])" }.joined()
    }
  }

  /// The least share of the matrices that must be in layers. Matrices are counted, not their elements: in a small model the
  /// head and the embedding hold most of the elements.
  private static let leastShare = 0.5

  /// The layers that the names give, or nil.
  static func table(of parameters: [Parameter]) -> LayerTable? {
    let templates = parameters.map { Template($0.name) }
    let groups = Dictionary(grouping: parameters.indices, by: { templates[$0].pattern })
    let texts = groups.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    // Each position of a number that may be an index: template, position, the numbers that occur there.
    var counters: [(text: String, position: Int, values: Set<Int>, matrices: Int)] = []
    for text in texts {
      let members = groups[text, default: []]
      guard members.count > 1, let count = members.first.map({ templates[$0].numbers.count }) else { continue }
      for position in 0..<count {
        guard let values = values(at: position, members, templates, parameters) else { continue }
        counters.append((text, position, values, members.count { parameters[$0].shape.count >= 2 }))
      }
    }
    guard let layers = layerNumbers(counters) else { return nil }
    let countersOf = Dictionary(grouping: counters, by: \.text)
    // A number that distinguishes q from o occurs once; the numbers of experts are in the names of several matrices of each
    // layer.
    let expertNumbers = Set(counters.filter { $0.matrices >= 4 }.map(\.values))
    var slots: [String: LayerTable.Slot] = [:]
    var found: [(slot: String, layer: Int, expert: Int?, parameter: Int)] = []
    var outside: [Int] = []
    for text in texts {
      let here = countersOf[text, default: []]
      let layer = here.first { $0.values == layers } ?? here.first { $0.values.isSubset(of: layers) && $0.values.count > 1 }
      let expert = layer.flatMap { layer in here.first { $0.position != layer.position && expertNumbers.contains($0.values) } }
      for index in groups[text, default: []] {
        guard let layer else {
          outside.append(index)
          continue
        }
        let key = templates[index].key(free: Set([layer.position, expert?.position].compactMap(\.self)))
        slots[key] = LayerTable.Slot(key: key, shape: parameters[index].shape)
        let numbers = templates[index].numbers
        found.append((key, numbers[layer.position], expert.map { numbers[$0.position] }, index))
      }
    }
    found.sort { ($0.layer, $0.expert ?? -1, $0.parameter) < ($1.layer, $1.expert ?? -1, $1.parameter) }
    var experts: [String: Set<Int>] = [:]
    for item in found {
      if let expert = item.expert { experts[item.slot, default: []].insert(expert) }
      slots[item.slot]?.members[item.layer, default: []].append(item.parameter)
    }
    let matrices = parameters.count { $0.shape.count >= 2 }
    guard Double(found.count { parameters[$0.parameter].shape.count >= 2 }) >= leastShare * Double(matrices) else { return nil }
    let ordered = slots.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { slot in
      var slot = slot
      slot.experts = experts[slot.key, default: []].sorted()
      // If a layer lacks an expert, it lacks the slot: it is unknown which expert a parameter belongs to.
      let whole = max(slot.experts.count, 1)
      slot.members = slot.members.filter { $0.value.count == whole }
      return slot
    }
    return LayerTable(layers: Array(layers).sorted(), slots: ordered, outside: outside.sorted(), basis: .numbers)
  }

  /// The numbers at a position of a template's names: nil unless the names that differ only there have one shape and are at
  /// least two.
  private static func values(
    at position: Int, _ members: [Int], _ templates: [Template], _ parameters: [Parameter]
  ) -> Set<Int>? {
    var shapes: [[Int]: [Int]] = [:]
    var values: Set<Int> = []
    for index in members {
      var rest = templates[index].numbers
      values.insert(rest[position])
      rest[position] = -1
      if let known = shapes[rest], known != parameters[index].shape { return nil }
      shapes[rest] = parameters[index].shape
    }
    // The rest of the name must repeat: as many names for each rest as there are numbers, except for gaps.
    return values.count > 1 && members.count * 2 > values.count * shapes.count ? values : nil
  }

  /// The set of numbers that occurs in most templates, weighted by their matrices. Ties go to the larger set, then the smaller
  /// numbers.
  private static func layerNumbers(_ counters: [(text: String, position: Int, values: Set<Int>, matrices: Int)]) -> Set<Int>? {
    var weights: [Set<Int>: (texts: Set<String>, matrices: Int)] = [:]
    for counter in counters {
      if weights[counter.values, default: ([], 0)].texts.insert(counter.text).inserted {
        weights[counter.values, default: ([], 0)].matrices += counter.matrices
      }
    }
    return weights.max { a, b in
      (a.value.matrices, a.key.count, a.value.texts.count) < (b.value.matrices, b.key.count, b.value.texts.count)
        || ((a.value.matrices, a.key.count) == (b.value.matrices, b.key.count)
          && b.key.sorted().lexicographicallyPrecedes(a.key.sorted()))
    }?.key
  }
}
