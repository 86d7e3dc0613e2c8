using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary>
/// One float operator in double, naive and in a fixed order: the numbers of a folded constant must not depend on a library.
/// </summary>
/// <param name="op">Operand types and attributes, already checked by the row.</param>
/// <param name="operands">Row-major elements of each operand.</param>
/// <param name="result">Shape that the row inferred.</param>
/// <returns>Row-major elements of the result.</returns>
public delegate double[] FloatKernel(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result);
