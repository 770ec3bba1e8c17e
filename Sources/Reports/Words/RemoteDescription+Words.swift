import ModelAnatomy
import Pictures

extension RemoteDescription {
  /// The commit, and what was read: `hf://org/name@4f2c…, 9.4 MB in 87 requests`.
  var words: String { "\(address), \(Figures.bytes(bytes)) in \(Figures.counted(requests, "request"))" }
}
