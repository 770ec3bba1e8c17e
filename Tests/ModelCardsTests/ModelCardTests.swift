import Testing

@testable import ModelCards

@Suite struct ModelCardTests {
}
