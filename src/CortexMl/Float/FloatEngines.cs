using CortexMl.Passes;

namespace CortexMl.Float;

/// <summary>What measures a float network for passes and reports, by name.</summary>
public static class FloatEngines
{
    /// <summary>The same bits on every machine; the default.</summary>
    public const string Portable = "portable";

    /// <summary>
    /// The second opinion. Its last bits depend on the processor and on its version, and so may what is calibrated with it.
    /// </summary>
    public const string OnnxRuntime = "onnxruntime";

    public static IReadOnlyList<string> Names { get; } = [Portable, OnnxRuntime];

    /// <param name="name">One of <see cref="Names"/>.</param>
    internal static IFloatEvaluator Of(string name) => name switch
    {
        Portable => PortableEvaluator.Calibration,
        OnnxRuntime => FloatEvaluator.Calibration,
        _ => throw new ArgumentException($"there is no float engine '{name}'"),
    };
}
