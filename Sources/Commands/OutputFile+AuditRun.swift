import AuditReports
import Unmask

extension OutputFile {
  /// Writes a run in a format of other tools: sarif or cyclonedx.
  func finish(_ run: AuditRun, _ format: FindingFormat) throws(Failure) {
    if format == .sarif {
      let log = SARIFLog(run)
      try finish { stream in log.write(to: &stream) }
      return
    }
    let text: String
    do { text = try CycloneDXDocument(run).text() } catch { throw .engine(error) }
    try finish(text)
  }
}
