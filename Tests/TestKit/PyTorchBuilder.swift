/// Puts files of `torch.save` together for tests, right ones and wrong ones.
///
/// ```swift
/// var builder = PyTorchBuilder()
/// builder.add("a.weight", shape: [2, 2], floats: [1, 2, 3, 4])
/// let path = try folder.write(builder.bytes, to: "pytorch_model.bin")
/// ```
package struct PyTorchBuilder {
  /// An entry of the archive.
  package struct Entry {
    /// Its name.
    package var name: [UInt8]
    /// Its bytes.
    package var data: [UInt8]
    /// How it is compressed; 0 for not at all.
    package var method: UInt16 = 0
    /// The flags.
    package var flags: UInt16 = 0x0800
    /// The stated size, if it is not the true one.
    package var size: UInt32?
    /// The stated place of its header, if it is not the true one.
    package var header: UInt32?
    /// Further fields of the directory.
    package var extra: [UInt8] = []

    /// An entry that is stored as it is.
    package init(_ name: String, _ data: [UInt8]) { (self.name, self.data) = (Array(name.utf8), data) }
  }

  /// The items of the state dict.
  package var items: [(String, [UInt8])] = []
  /// The pickle, if it is not a dictionary of the items.
  package var pickle: [UInt8]?
  /// The entries beside the pickle.
  package var entries: [Entry] = []
  /// The folder in the archive.
  package var root = "archive"
  /// What comes after the end record, and the length that it states.
  package var comment: [UInt8] = []
  /// The stated number of entries, if it is not the true one.
  package var statedEntries: UInt16?
  /// The stated place of the directory, if it is not the true one.
  package var statedDirectory: UInt32?
  /// Whether the end record is in 64 bits.
  package var isLong = false
  /// Bytes between the entries.
  package var alignment = 64

  /// An archive without tensors.
  package init() {}

  /// Adds a tensor with a storage of its own.
  package mutating func add(_ name: String, shape: [Int], floats: [Float]) {
    let key = "\(entries.count)"
    entries.append(Entry("\(root)/data/\(key)", floats.flatMap { GGUFBuilder.encoded($0.bitPattern) }))
    items.append((name, PickleBytes.tensor(PickleBytes.storage("FloatStorage", key, count: floats.count), shape: shape)))
  }

  /// The file.
  package var bytes: [UInt8] {
    let pickle = self.pickle ?? [0x80, 2] + PickleBytes.dictionary(items) + PickleBytes.stop
    let all = [Entry("\(root)/data.pkl", pickle)] + entries
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in all {
      let place = file.count
      let (size, stored) = (entry.size ?? UInt32(entry.data.count), UInt32(entry.data.count))
      let end = place + 30 + entry.name.count
      let padding = (alignment - end % alignment) % alignment
      let middle = GGUFBuilder.encoded(entry.flags) + GGUFBuilder.encoded(entry.method) + [UInt8](repeating: 0, count: 8)
      file += [0x50, 0x4B, 3, 4, 0, 0] + middle + GGUFBuilder.encoded(stored) + GGUFBuilder.encoded(size)
      file += GGUFBuilder.encoded(UInt16(entry.name.count)) + GGUFBuilder.encoded(UInt16(padding)) + entry.name
      file += [UInt8](repeating: 0x5A, count: padding) + entry.data
      directory += [0x50, 0x4B, 1, 2, 0, 0, 0, 0] + middle
      directory += GGUFBuilder.encoded(entry.size == .max ? .max : stored) + GGUFBuilder.encoded(size)
      directory += GGUFBuilder.encoded(UInt16(entry.name.count)) + GGUFBuilder.encoded(UInt16(entry.extra.count))
      directory +=
        [UInt8](repeating: 0, count: 10) + GGUFBuilder.encoded(entry.header ?? UInt32(place)) + entry.name + entry.extra
    }
    return file + directory + end(file.count, directory.count, all.count)
  }

  private func end(_ start: Int, _ size: Int, _ count: Int) -> [UInt8] {
    var end: [UInt8] = []
    if isLong {
      end += [0x50, 0x4B, 6, 6] + GGUFBuilder.encoded(UInt64(44)) + [UInt8](repeating: 0, count: 12)
      end += GGUFBuilder.encoded(UInt64(count)) + GGUFBuilder.encoded(UInt64(count)) + GGUFBuilder.encoded(UInt64(size))
      end += GGUFBuilder.encoded(UInt64(start))
      end += [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + GGUFBuilder.encoded(UInt64(start + size)) + [1, 0, 0, 0]
    }
    let stated = statedEntries ?? (isLong ? .max : UInt16(count))
    end += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + GGUFBuilder.encoded(stated) + GGUFBuilder.encoded(stated)
    end += GGUFBuilder.encoded(isLong ? UInt32.max : UInt32(size))
    end += GGUFBuilder.encoded(statedDirectory ?? (isLong ? .max : UInt32(start)))
    return end + GGUFBuilder.encoded(UInt16(comment.count)) + comment
  }
}
