import Foundation
import TestKit
import Testing

@testable import ModelLocks

@Suite struct LockPlaceTests {
  @Test("models below the folder of the lock file have a path relative to it, others an absolute one")
  func local() throws {
    let folder = TemporaryFolder()
    let root = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
    try folder.folder("below/a")
    try folder.folder("below/locks")
    let lock = folder.path(of: "below/x.lock")
    #expect(LockPlace.place(of: folder.path(of: "below/a"), in: lock) == "a")
    #expect(LockPlace.place(of: folder.path(of: "below/a//"), in: lock) == "a")
    #expect(LockPlace.place(of: folder.path(of: "below/locks/../a"), in: lock) == "a")
    let other = LockPlace.place(of: folder.path(of: "below/a"), in: folder.path(of: "below/locks/x.lock"))
    #expect(other == root + "/below/a")
    #expect(LockPlace.path(of: "a", in: lock) == folder.path(of: "below/a"))
    #expect(LockPlace.path(of: other, in: lock) == other)
    #expect(LockPlace.path(of: "a", in: "x.lock") == "a")
  }

  @Test("a link to a model stays a link, and what is no path is a repository")
  func others() throws {
    let folder = TemporaryFolder()
    try folder.folder("a")
    try folder.link("link", to: folder.path(of: "a"))
    let lock = folder.path(of: "x.lock")
    #expect(LockPlace.place(of: folder.path(of: "link"), in: lock) == "link")
    #expect(LockPlace.place(of: "org/name@v1", in: lock) == "hf://org/name@v1")
    #expect(LockPlace.place(of: "hf://org/name", in: lock) == "hf://org/name")
    for address in ["hf://org/name", "https://host/a.safetensors"] { #expect(LockPlace.path(of: address, in: lock) == address) }
  }

  @Test("files of a downloaded repository tell its name and commit")
  func downloads() {
    let commit = String(repeating: "0123456789", count: 4)
    #expect(
      ModelOrigin.download("/c/models--org--name/snapshots/\(commit)/model.safetensors") == .hub(id: "org/name", commit: commit))
    for path in [
      "/c/models--org--name/snapshots/main/model.safetensors", "/c/org/snapshots/\(commit)/x", "snapshots/\(commit)/x",
      "/c/models--/snapshots/\(commit)/x", "/c/models--a/snapshots",
    ] {
      #expect(ModelOrigin.download(path) == nil, "\(path)")
    }
  }
}
