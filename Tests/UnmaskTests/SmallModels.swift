import Foundation

/// Where the small family of models lies.
let testdata =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  + "/testdata/"
