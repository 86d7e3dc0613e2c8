using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>What the constants of a model take in memory, counted before they are allocated.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long _taken;

    /// <exception cref="DiagnosticException">CML0106.</exception>
    public void Reserve(string name, Shape shape, int elementBytes)
    {
        long bytes = elementBytes;
        foreach (int dim in shape)
        {
            bytes = Math.BigMul(bytes, (long)dim) is var product && product <= long.MaxValue / 2 ? (long)product : long.MaxValue / 2;
        }
        if (bytes > Math.Min(limit - _taken, Array.MaxLength))
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                string.Create(CultureInfo.InvariantCulture,
                    $"constant '{name}' {shape} exceeds the memory limit: {Counted.Part(_taken, limit, "byte", "is", "are")} taken"),
                hint: "raise --max-memory if this is meant");
        _taken += bytes;
    }
}
