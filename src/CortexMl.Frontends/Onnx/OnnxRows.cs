using System.Collections.Frozen;
using CortexMl.Ops;

namespace CortexMl.Frontends.Onnx;

/// <summary>How each float row is written, collected from one class for each family.</summary>
internal static class OnnxRows
{
    public static FrozenDictionary<OpSpec, Action<OnnxRow>> All { get; } = new[]
    {
        ConvRows.All, UnaryRows.All, BinaryRows.All, PoolRows.All, ReduceRows.All, ShapeRows.All, LookupRows.All, NormRows.All,
    }.SelectMany(family => family).ToFrozenDictionary();
}
