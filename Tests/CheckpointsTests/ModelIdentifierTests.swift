import Testing

@testable import Checkpoints

@Suite struct ModelIdentifierTests {
  @Test(
    "a model is called by its path without what all have in common",
    arguments: [
      (["models"], "models/a/b", "models", "a/b"), (["models/"], "models/a", "models/", "a"),
      (["models/a"], "models/a", "models/a", "a"),
      (["/x/one", "/x/two"], "/x/one/a", "/x/one", "one/a"), (["/x/one", "/x/two/"], "/x/two/a", "/x/two/", "two/a"),
      (["/x/one", "/x/two"], "/x/one", "/x/one", "one"), (["/d/x/m", "/d/y/m"], "/d/y/m/a", "/d/y/m", "y/m/a"),
      (["/x", "/x/two"], "/x/two/a", "/x", "/x/two/a"), (["here", "/x/two"], "here/a", "here", "here/a"),
      (["/one", "/two"], "/one/a", "/one", "/one/a"),
      (["hub"], "hub/models--acme--chat", "hub", "acme/chat"),
      (["/x/hub", "/x/two"], "/x/hub/models--acme--chat-7b", "/x/hub", "hub/acme/chat-7b"),
    ])
  func ids(folders: [String], path: String, folder: String, id: String) {
    #expect(ModelIdentifiers(folders).id(of: path, in: folder) == id)
  }

  @Test("an id is given once")
  func unique() {
    var identifiers = ModelIdentifiers(["hub"])
    let ids = (0..<3).map { _ in identifiers.take("acme/chat", path: "hub/models--acme--chat") }
    #expect(ids == ["acme/chat", "hub/models--acme--chat", "hub/models--acme--chat (2)"])
  }
}
