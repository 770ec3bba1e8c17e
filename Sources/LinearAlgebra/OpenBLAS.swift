internal import COpenBLAS
internal import Dispatch

/// Sets the environment variables that make OpenBLAS start fast and use the processor's widest kernels.
///
/// Call it in a program's main function before it starts a thread, because another thread may read the environment meanwhile.
/// Without it OpenBLAS is opened with the environment unchanged, and set to run on one thread.
package func prepareOpenBLASEnvironment() { ob_prepare_environment() }

/// Starts to open OpenBLAS on another thread, for work that will need it later. Opening takes three to ten milliseconds.
package func prepareProducts() { DispatchQueue.global(qos: .userInitiated).async { try? OpenBLAS.require() } }

/// The only interface to OpenBLAS: its routines with spans instead of pointers, and with checked sizes.
///
/// It runs on the calling thread alone, because `unmask` manages its threads itself, and OpenBLAS's thread count changes the last
/// bits. It is opened at the first call, so that a comparison in place does not wait for it. Call `require` before the first
/// product: without the library, a product traps.
package enum OpenBLAS {
  /// Why the library cannot be used: the message of the system.
  package struct Missing: Error, CustomStringConvertible {
    /// One line.
    package let description: String
  }

  // Opened at the first call; nil when the library is not there. The routines are constant from then on.
  private static let opened = unsafe ob_open().map { unsafe $0.pointee }

  private static var library: ob_routines {
    guard let routines = opened else {
      preconditionFailure("OpenBLAS is missing: call OpenBLAS.require() before the first product")
    }
    return routines
  }

  /// Opens the library, unless it is open; throws when it is not installed or lacks a routine.
  package static func require() throws(Missing) {
    // The C interface owns the text, which lives as long as the process.
    guard opened != nil else { throw unsafe Missing(description: String(cString: ob_problem())) }
  }

  /// C = A·Bᵀ over the columns in `columns`: A is m × strideA, B is n × strideB, C is m × n, all row-major.
  static func product(
    _ a: Span<Float>, rows m: Int, stride strideA: Int, _ b: Span<Float>, rows n: Int, stride strideB: Int,
    columns: Range<Int>, into c: inout MutableSpan<Float>
  ) {
    check(a.count, m, strideA, columns)
    check(b.count, n, strideB, columns)
    precondition(c.count >= m * n, "the product of \(m) and \(n) rows needs \(m * n) places")
    guard m > 0, n > 0 else { return }
    // Safe: `check` and the precondition above ensure that all reads and writes are inside the spans.
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          unsafe library.sgemm(
            narrow(OB_ROW_MAJOR), narrow(OB_NO_TRANSPOSE), narrow(OB_TRANSPOSE), narrow(m), narrow(n), narrow(columns.count), 1,
            a + columns.lowerBound, narrow(strideA), b + columns.lowerBound, narrow(strideB), 0, c, narrow(n))
        }
      }
    }
  }

  /// An operand of `multiply`: `rows × columns` numbers of a row-major matrix from index `first` on, read as stored or
  /// transposed.
  struct Operand {
    var first: Int
    var rows: Int
    var columns: Int
    var stride: Int
    var isTransposed = false
  }

  /// C += A·B or C = A·B, C row-major with rows of the width of B.
  static func multiply(
    _ a: Span<Float>, _ placeA: Operand, _ b: Span<Float>, _ placeB: Operand, into c: inout MutableSpan<Float>, adding: Bool
  ) {
    let (m, depth) = placeA.isTransposed ? (placeA.columns, placeA.rows) : (placeA.rows, placeA.columns)
    let (other, n) = placeB.isTransposed ? (placeB.columns, placeB.rows) : (placeB.rows, placeB.columns)
    precondition(depth == other, "a matrix of \(depth) columns times one of \(other) rows")
    check(a.count, placeA)
    check(b.count, placeB)
    precondition(c.count >= m * n, "the product of \(m) rows and \(n) columns needs \(m * n) places")
    guard m > 0, n > 0 else { return }
    let (transposeA, transposeB) = (
      placeA.isTransposed ? OB_TRANSPOSE : OB_NO_TRANSPOSE, placeB.isTransposed ? OB_TRANSPOSE : OB_NO_TRANSPOSE
    )
    // Safe: `check` and the precondition above ensure that all reads and writes are inside the spans.
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          unsafe library.sgemm(
            narrow(OB_ROW_MAJOR), narrow(transposeA), narrow(transposeB), narrow(m), narrow(n), narrow(depth), 1,
            a + placeA.first, narrow(placeA.stride), b + placeB.first, narrow(placeB.stride), adding ? 1 : 0, c, narrow(n))
        }
      }
    }
  }

  /// The lower triangle of C = A·Aᵀ over `columns`; the numbers above the diagonal stay unchanged.
  static func gram(
    _ a: Span<Float>, rows m: Int, stride: Int, columns: Range<Int>, into c: inout MutableSpan<Float>
  ) {
    check(a.count, m, stride, columns)
    precondition(c.count >= m * m, "the Gram matrix of \(m) rows needs \(m * m) places")
    guard m > 0 else { return }
    // Safe: as in `product`.
    unsafe a.withUnsafeBufferPointer { a in
      unsafe c.withUnsafeMutableBufferPointer { c in
        guard let a = a.baseAddress, let c = c.baseAddress else { return }
        unsafe library.ssyrk(
          narrow(OB_ROW_MAJOR), narrow(OB_LOWER), narrow(OB_NO_TRANSPOSE), narrow(m), narrow(columns.count), 1,
          a + columns.lowerBound, narrow(stride), 0, c, narrow(m))
      }
    }
  }

  /// The eigenvalues, ascending, of A·Aᵀ or, for a transposed A, of Aᵀ·A, in f64; nil when the iteration fails.
  static func gramEigenvalues(_ a: Span<Double>, _ place: Operand) -> [Double]? {
    check(a.count, place)
    let (side, depth) = place.isTransposed ? (place.columns, place.rows) : (place.rows, place.columns)
    guard side > 0, depth > 0 else { return [Double](repeating: 0, count: side) }
    var gram = [Double](repeating: 0, count: side * side)
    // Safe: `check` ensures that all reads are inside the span, and `gram` is side × side.
    unsafe a.withUnsafeBufferPointer { a in
      unsafe gram.withUnsafeMutableBufferPointer { gram in
        guard let a = a.baseAddress, let gram = gram.baseAddress else { return }
        unsafe library.dsyrk(
          narrow(OB_ROW_MAJOR), narrow(OB_LOWER), narrow(place.isTransposed ? OB_TRANSPOSE : OB_NO_TRANSPOSE), narrow(side),
          narrow(depth), 1, a + place.first, narrow(place.stride), 0, gram, narrow(side))
      }
    }
    // The lower triangle of a row-major matrix is the upper one of LAPACK's.
    return eigenvalues(of: &gram, side: side, vectors: false, isUpper: true)
  }

  /// Replaces the symmetric n × n matrix by its eigenvectors, one per row, and returns the eigenvalues, ascending; nil when
  /// the iteration fails.
  static func symmetricEigen(_ matrix: inout [Double], side: Int) -> [Double]? {
    eigenvalues(of: &matrix, side: side, vectors: true, isUpper: false)
  }

  /// The eigenvalues, ascending, of a symmetric n × n matrix; LAPACK reads one triangle of it. `matrix` then holds the
  /// eigenvectors, or is used as work space.
  private static func eigenvalues(of matrix: inout [Double], side: Int, vectors: Bool, isUpper: Bool) -> [Double]? {
    precondition(matrix.count == side * side, "a matrix of side \(side) has its square of numbers")
    let (job, triangle) = (vectors ? "V" : "N", isUpper ? "U" : "L")
    var (n, info, lwork, liwork) = (narrow(side), Int32(0), Int32(-1), Int32(-1))
    var values = [Double](repeating: 0, count: side)
    var (size, smallSize) = (0.0, Int32(0))
    // Safe: `matrix` is n × n, `values` n long; the first call only asks for the sizes of the work space.
    unsafe library.dsyevd(job, triangle, &n, &matrix, &n, &values, &size, &lwork, &smallSize, &liwork, &info)
    lwork = narrow(Int(size))
    liwork = smallSize
    var work = [Double](repeating: 0, count: Int(lwork))
    var smallWork = [Int32](repeating: 0, count: Int(liwork))
    unsafe library.dsyevd(job, triangle, &n, &matrix, &n, &values, &work, &lwork, &smallWork, &liwork, &info)
    return info == 0 ? values : nil
  }

  /// A = U·diag(s)·Vᵀ for A m × n, all row-major, r = min(m, n): U m × r, Vᵀ r × n; nil when the iteration fails.
  static func svd(_ matrix: [Double], rows: Int, columns: Int) -> (u: [Double], s: [Double], vt: [Double])? {
    let rank = min(rows, columns)
    // Row-major A is column-major Aᵀ = V·diag(s)·Uᵀ, and LAPACK's two factors, read row-major, are Vᵀ and U.
    var a = matrix
    var (m, n, r, info, lwork) = (narrow(columns), narrow(rows), narrow(rank), Int32(0), Int32(-1))
    var (s, vt) = ([Double](repeating: 0, count: rank), [Double](repeating: 0, count: rank * columns))
    var u = [Double](repeating: 0, count: rows * rank)
    var smallWork = [Int32](repeating: 0, count: 8 * rank)
    var size = 0.0
    // Safe: all arrays have the sizes that are passed to LAPACK; the first call only asks for the size of the work space.
    unsafe library.dgesdd("S", &m, &n, &a, &m, &s, &vt, &m, &u, &r, &size, &lwork, &smallWork, &info)
    lwork = narrow(Int(size))
    var work = [Double](repeating: 0, count: Int(lwork))
    unsafe library.dgesdd("S", &m, &n, &a, &m, &s, &vt, &m, &u, &r, &work, &lwork, &smallWork, &info)
    return info == 0 ? (u, s, vt) : nil
  }

  private static func check(_ count: Int, _ rows: Int, _ stride: Int, _ columns: Range<Int>) {
    precondition(rows >= 0 && columns.lowerBound >= 0 && columns.upperBound <= stride, "columns are not all in the matrix")
    let (size, overflow) = rows.multipliedReportingOverflow(by: stride)
    precondition(!overflow && size <= count, "\(rows) × \(stride) numbers are not all in a span of \(count)")
  }

  private static func check(_ count: Int, _ place: Operand) {
    precondition(
      place.first >= 0 && place.rows >= 0 && place.columns >= 0 && place.columns <= place.stride && place.stride > 0,
      "a part of a matrix has a place and sides")
    guard place.rows > 0, place.columns > 0 else { return }
    let (last, overflow) = (place.rows - 1).multipliedReportingOverflow(by: place.stride)
    precondition(
      !overflow && last <= count - place.first - place.columns, "a part of a matrix is not all in its \(count) numbers")
  }

  private static func narrow(_ size: Int) -> Int32 {
    guard let size = Int32(exactly: size) else { preconditionFailure("a matrix side of \(size) is beyond OpenBLAS") }
    return size
  }
}
