/// A matrix of the EXL2 kind: groups of inputs with a number of bits each, the codes of an output in words down a column.
///
///     W[output][input] = (code − 2^(bits − 1)) · (step + 1)² · largest / 256      of the input's group
///
/// | part | of what |
/// |---|---|
/// | words | 32 bits, `[words, outputs]`: group after group, a stream of codes down each column, low bits first |
/// | steps | 4 bits, `[groups, outputs / 8]` words of 32 bits, low bits first |
/// | largest | F16, one for each group |
///
/// The inputs are stored in another order, so that those of a group have the same width. Source: exllamav2; see <doc:Formats>.
package struct MixedWords: Sendable {
  /// Consecutive stored inputs of one width.
  package struct Group: Sendable, Equatable {
    /// Bits of a code: 2, 3, 4, 5, 6 or 8.
    package var bits: Int
    /// The first row of words.
    package var firstWord: Int

    package init(bits: Int, firstWord: Int) { (self.bits, self.firstWord) = (bits, firstWord) }
  }

  /// Rows of the matrix.
  package let outputs: Int
  /// Columns of the matrix.
  package let inputs: Int
  /// Rows of words.
  package let words: Int
  package let groups: [Group]
  /// The place of each input among the stored ones.
  private let places: [Int32]
  /// The group of each stored input, and the first stored input of each group.
  private let groupOf: [Int32]
  private let firstOf: [Int]

  /// The matrix of these groups; nil when they do not fill the rows of words, or `places` has not every place once.
  package init?(outputs: Int, words: Int, groups: [Group], places: [Int]) {
    guard outputs > 0, outputs % 8 == 0, !groups.isEmpty, groups[0].firstWord == 0, places.count <= Int(Int32.max),
      outputs <= 1 << 28, words <= 1 << 28
    else { return nil }
    var (groupOf, firstOf) = ([Int32](), [Int]())
    for (number, group) in groups.enumerated() {
      let end = number + 1 < groups.count ? groups[number + 1].firstWord : words
      guard [2, 3, 4, 5, 6, 8].contains(group.bits), end > group.firstWord, end <= words,
        (end - group.firstWord) * 32 % group.bits == 0
      else { return nil }
      firstOf.append(groupOf.count)
      let count = (end - group.firstWord) * 32 / group.bits
      guard groupOf.count + count <= places.count else { return nil }
      groupOf += Array(repeating: Int32(number), count: count)
    }
    var isTaken = [Bool](repeating: false, count: places.count)
    guard groupOf.count == places.count else { return nil }
    for place in places {
      guard places.indices.contains(place), !isTaken[place] else { return nil }
      isTaken[place] = true
    }
    (self.outputs, self.words, self.groups, inputs) = (outputs, words, groups, places.count)
    (self.groupOf, self.firstOf, self.places) = (groupOf, firstOf, places.map { Int32($0) })
  }

  /// Bytes of the words.
  package var codeBytes: Int { words * outputs * 4 }
  /// Bytes of the steps.
  package var stepBytes: Int { groups.count * outputs / 2 }
  /// The mean of the bits of an input's codes, in hundredths.
  package var bitsTimes100: Int { (words * 32 * 100 + inputs / 2) / inputs }

  /// Writes the numbers of `rows` (outputs) and `columns` (inputs) to `values`; row i starts at index `start + i · stride`.
  ///
  /// The spans hold all words and steps, and `largest` one number for each group. Stops the program when an index is out of range.
  /// O(rows · columns).
  package func decode(
    words: RawSpan, steps: RawSpan, largest: Span<Float>, rows: Range<Int>, columns: Range<Int>,
    into values: inout MutableSpan<Float>, at start: Int, stride: Int
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= outputs && columns.lowerBound >= 0 && columns.upperBound <= inputs,
      "rows \(rows) and columns \(columns) of \(outputs) × \(inputs)")
    precondition(
      words.byteCount >= codeBytes && steps.byteCount >= stepBytes && largest.count >= groups.count,
      "fewer parts than the matrix has")
    for (j, column) in columns.enumerated() {
      let place = Int(places[column])
      let number = Int(groupOf[place])
      let group = groups[number]
      let bit = (place - firstOf[number]) * group.bits
      let (row, shift) = (group.firstWord + bit / 32, UInt32(bit % 32))
      let (mask, centre): (UInt32, Float) = (1 << UInt32(group.bits) - 1, Float(1 << (group.bits - 1)))
      let crosses = shift + UInt32(group.bits) > 32
      let unit = largest[number] / 256
      for (i, output) in rows.enumerated() {
        // A code that crosses the end of a word goes on in the next row: its group has whole rows.
        var code = word(words, row * outputs + output) >> shift
        if crosses { code |= word(words, (row + 1) * outputs + output) << (32 - shift) }
        let step = Float((word(steps, (number * outputs + output) / 8) >> UInt32(output % 8 * 4)) & 15) + 1
        values[start + i * stride + j] = (Float(code & mask) - centre) * (step * step * unit)
      }
    }
  }

  private func word(_ words: RawSpan, _ index: Int) -> UInt32 {
    precondition(index >= 0 && index < words.byteCount / 4, "a word beyond the bytes")
    // Safe: the index was just checked, and integers have no invalid patterns.
    return unsafe words.unsafeLoadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
  }
}
