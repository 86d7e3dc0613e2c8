using System.Collections.Immutable;
using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet;

/// <summary>
/// Finds the image size that a network was trained with when its parameters do not fit the given one, by trying the usual sizes.
/// </summary>
internal static class InputSizeHint
{
    /// <summary>Larger networks are not tried out.</summary>
    private const int MaxNodes = 4096;

    private static readonly int[] Sizes =
    [
        16, 20, 24, 28, 30, 32, 36, 40, 48, 56, 64, 80, 84, 96, 100, 112, 128, 144, 160, 192, 200, 224, 227, 240, 256, 288, 299, 300,
        320, 384,
        416, 448, 512,
    ];

    /// <summary>The diagnostic, with a hint about the input size where that is what does not fit.</summary>
    public static Diagnostic Add(
        Diagnostic diagnostic, MxNetImportPlan plan, FloatParameters parameters, ImmutableSortedDictionary<string, Shape> shapes)
    {
        if (diagnostic.Code != FrontendCodes.ShapeMismatch || diagnostic.Hint is not null || plan.Inputs.Count == 0) return diagnostic;
        const string Advice = "the model was trained with another input size; pass --input ";
        if (plan.Inputs is not [var input] || shapes[input.Name] is not { Rank: 4 } given || plan.Symbol.Nodes.Count > MaxNodes)
            return diagnostic with { Hint = $"{Advice}{plan.Inputs[0].Name}=SHAPE" };
        foreach (int size in Sizes)
        {
            var shape = Shape.Of(given[0], given[1], size, size);
            if (Fits(plan, parameters, shapes.SetItem(input.Name, shape)))
                return diagnostic with { Hint = $"{Advice}{input.Name}={string.Join(',', shape)}" };
        }
        return diagnostic with { Hint = "symbol and parameters do not belong together, or the input has another size" };
    }

    private static bool Fits(MxNetImportPlan plan, FloatParameters parameters, ImmutableSortedDictionary<string, Shape> shapes)
    {
        try
        {
            return new MxNetGraphImport(plan, parameters, "trial").Run(shapes, new DiagnosticBag()) is not null;
        }
        catch (DiagnosticException)
        {
            return false;
        }
    }
}
