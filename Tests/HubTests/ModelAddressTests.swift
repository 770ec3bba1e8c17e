import Testing

@testable import Hub

/// What is the name of a repository, and what is a path.
@Suite struct ModelAddressTests {
  @Test(
    "ids and addresses are read with revision and path",
    arguments: [
      ("org/name", .hub(id: "org/name", revision: nil, path: "")),
      ("org/name@v1.0", .hub(id: "org/name", revision: "v1.0", path: "")),
      ("hf://org/name", .hub(id: "org/name", revision: nil, path: "")),
      ("hf://org/name/", .hub(id: "org/name", revision: nil, path: "")),
      ("hf://org/name@refs/pr/7/a/b.gguf", .hub(id: "org/name", revision: "refs/pr/7", path: "a/b.gguf")),
      ("hf://org/name@a%2Fb/x.gguf", .hub(id: "org/name", revision: "a/b", path: "x.gguf")),
    ] as [(String, ModelAddress)])
  func ids(text: String, address: ModelAddress) { #expect(ModelAddress(text) == address) }

  @Test(
    "paths are no addresses",
    arguments: [
      "models", "./a/b", "../a", "/a/b", "a/b/c", "a/", "/b", "a b/c", "a/b.git", "a/-b", "a/b--c", "hf://a", "hf://a/../b",
      "hf://a/b/../c", "hf://a/b@", "https://", "https://user:secret@host/x", "ftp://a/b", "https://a/\u{0}",
    ])
  func paths(text: String) { #expect(ModelAddress(text) == nil) }

  @Test(
    "a Location is resolved against the address that it came from",
    arguments: [
      ("https://other/x?y=1", "https://other/x?y=1"), ("//other/x", "https://other/x"), ("/x", "https://host:8443/x"),
      ("x", "https://host:8443/a/x"), ("../x?q", "https://host:8443/x?q"), ("?z", "https://host:8443/a/b?z"),
    ])
  func locations(reference: String, result: String) throws {
    let address = try #require(WebAddress("https://Host:8443/a/b?secret"))
    #expect(address.resolving(reference)?.text == result)
    #expect(address.resolving("file:///etc/passwd") == nil && address.shown == "https://host:8443/a/b")
  }

  @Test("an origin is scheme, host and port")
  func origins() throws {
    let origin = try #require(WebAddress("https://host/a"))
    for same in ["https://HOST/b", "https://host:443/"] {
      #expect(try origin.hasSameOrigin(as: #require(WebAddress(same))))
    }
    for other in ["http://host/", "https://host:444/", "https://host.evil/", "https://xhost/"] {
      #expect(try !origin.hasSameOrigin(as: #require(WebAddress(other))))
    }
  }
}
