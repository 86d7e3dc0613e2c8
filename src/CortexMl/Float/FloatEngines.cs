using CortexMl.Engines.Float;
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
    /// <param name="cancellation">Ends what its sessions run.</param>
    internal static IFloatEvaluator Of(string name, CancellationToken cancellation = default) => name switch
    {
        Portable => new PortableEvaluator(Environment.ProcessorCount) { Cancellation = cancellation },
        OnnxRuntime => new FloatEvaluator(FloatOptions.Calibration) { Cancellation = cancellation },
        _ => throw new ArgumentException($"there is no float engine '{name}'"),
    };
}
