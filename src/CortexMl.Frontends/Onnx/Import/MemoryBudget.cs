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
        var bytes = TensorMemory.Bytes(shape, elementBytes);
        if (bytes > limit - _taken)
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                string.Create(CultureInfo.InvariantCulture,
                    $"constant '{name}' {shape} exceeds the memory limit: it takes {Counted.Of(bytes, "byte")}; ")
                + $"{Counted.Part(_taken, limit, "byte", "is", "are")} taken",
                hint: "raise --max-memory if this is meant");
        if (TensorMemory.Refusal($"constant '{name}' {shape}", shape, elementBytes) is { } refusal)
            throw new DiagnosticException(DiagnosticCodes.TooLarge, refusal, hint: "split it into several constants");
        _taken += (long)bytes;
    }
}
