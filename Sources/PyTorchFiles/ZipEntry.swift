/// An entry of an archive, as its directory states it.
struct ZipEntry {
  var name: String
  /// 0 when its bytes are stored as they are.
  var method: UInt16
  var isEncrypted: Bool
  /// The length of its data in the file.
  var storedSize: UInt64
  /// The length of its data after decompression.
  var size: UInt64
  /// The start of its own header.
  var header: UInt64
  /// The start of its description in the directory.
  var byteOffset: Int
  /// Its data in the file.
  var data = 0..<0
}
