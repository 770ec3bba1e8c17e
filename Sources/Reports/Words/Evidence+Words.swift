package import Lineage
import Unmask

extension Lineage.Evidence.Test {
  /// The name of the test.
  package var words: String { Unmask.Evidence.Test(self).description }
}
