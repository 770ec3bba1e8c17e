import Lineage
import Unmask

extension Lineage.Evidence.Test {
  /// The name of the test.
  var words: String { Unmask.Evidence.Test(self).description }
}
