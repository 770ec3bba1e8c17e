import ArgumentParser
import Unmask

/// Options for models that are given by an address.
struct RemoteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("For models of the hub: keep what is fetched in this folder, by content.", valueName: "folder"),
    completion: .directory)
  var cache: String?

  @Option(help: ArgumentHelp("The most that the folder of --cache keeps, such as 20GB (default: no limit).", valueName: "size"))
  var cacheSize: ByteCount?

  @Option(help: ArgumentHelp("For models of the hub: fetch at most so much, such as 64MB.", valueName: "size"))
  var budget: ByteCount?

  func validate() throws {
    if cacheSize != nil, cache == nil { throw ValidationError("--cache-size needs --cache") }
    if cache?.isEmpty == true { throw ValidationError("--cache needs the name of a folder") }
  }

  /// Sets how models are fetched, for the whole process.
  func apply() {
    guard cache != nil || budget != nil else { return }
    configureRemoteReading(RemoteReading(cacheFolder: cache, cacheSize: cacheSize?.bytes, budget: budget?.bytes))
  }
}

/// A number of bytes, with the unit kB, MB, GB or TB (powers of 1000), KiB, MiB or GiB (of 1024), or none.
struct ByteCount: ExpressibleByArgument, Equatable {
  let bytes: Int

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let unit = argument.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    let units: [String: Double] = [
      "": 1, "b": 1, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12, "kib": 1024,
      "mib": 1_048_576, "gib": 1_073_741_824, "tib": 1_099_511_627_776,
    ]
    guard let number = Double(digits), let factor = units[unit], number * factor >= 0, number * factor < 9e18 else { return nil }
    bytes = Int(number * factor)
  }
}
