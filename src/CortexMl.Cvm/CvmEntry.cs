using CortexMl.Ir;

namespace CortexMl.Cvm;

/// <summary>One entry of the file's table: a variable, or one output of an operator.</summary>
/// <param name="StorageId">The slot as the file numbers it.</param>
/// <param name="DeclaredPrecision">What the file's precision list says: -1 or 1..32. The inferred one is the value's.</param>
/// <param name="NodeName">The node's name in the file.</param>
public sealed record CvmEntry(Value Value, int StorageId, int DeclaredPrecision, string NodeName);
