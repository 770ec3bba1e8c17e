import Testing

@testable import AuditReports

@Suite struct IdentityTests {
  @Test("package URLs: a repository with its commit, and any other name")
  func packageURLs() {
    #expect(PackageURL(hub: "org/name", commit: "ABC0").text == "pkg:huggingface/org/name@abc0")
    #expect(PackageURL(hub: "gpt2", commit: nil).text == "pkg:huggingface/gpt2")
    #expect(PackageURL(generic: "aurora-chat").text == "pkg:generic/aurora-chat")
    #expect(PackageURL(generic: "ä b@c?d#e", version: "1 2").text == "pkg:generic/%C3%A4%20b%40c%3Fd%23e@1%202")
    #expect(PackageURL(generic: "//a//b/").text == "pkg:generic/a/b")
    #expect(PackageURL(generic: "").text == "pkg:generic/unnamed")
    #expect(PackageURL(generic: "a", address: "https://h/a b").text == "pkg:generic/a?download_url=https%3A%2F%2Fh%2Fa%20b")
  }

  @Test(
    "addresses of files keep what a path may hold and encode the rest",
    arguments: [
      ("models/a b.safetensors", "models/a%20b.safetensors"), ("/m/%é", "file:///m/%25%C3%A9"),
      ("hf://org/name@c0/a.gguf", "hf://org/name@c0/a.gguf"), ("a:b/c", "./a:b/c"), ("x\n[y](z)", "x%0A%5By%5D%28z%29"),
    ])
  func addresses(path: String, uri: String) { #expect(PercentEncoding.fileURI(path) == uri) }

  @Test("addresses of the hub are repositories, and paths are not")
  func repositories() {
    let found = AuditModel.repository("hf://org/name@v1/file.gguf")
    #expect(found?.id == "org/name" && found?.revision == "v1")
    #expect(AuditModel.repository("org/name")?.id == "org/name")
    for path in ["/models/a", "a", "a/b/c", "./a", "../a", "hf://a"] { #expect(AuditModel.repository(path) == nil, "\(path)") }
  }

  @Test("dates are days of the calendar, with a time in UTC or none")
  func dates() {
    #expect(ReportDate("2026-11-30")?.text == "2026-11-30T00:00:00Z")
    #expect(ReportDate("2024-02-29T23:59:59Z")?.text == "2024-02-29T23:59:59Z")
    for text in [
      "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "today", "", "2026-11-30T24:00:00Z",
      "2026-11-30T17:00:00+01:00", "2026-11-30 17:00:00Z", "２026-11-30", "1900-02-29",
    ] {
      #expect(ReportDate(text) == nil, "\(text)")
    }
  }

  @Test("a serial number is a UUID of version 8, and a function of the hash")
  func serialNumbers() {
    let digest = [UInt8](repeating: 0xFF, count: 32)
    #expect(CycloneDXDocument.serialNumber(digest) == "urn:uuid:ffffffff-ffff-8fff-bfff-ffffffffffff")
    #expect(CycloneDXDocument.serialNumber(Array(0..<32)) == "urn:uuid:00010203-0405-8607-8809-0a0b0c0d0e0f")
  }
}
