using System.Globalization;
using CortexMl.Tensors;

namespace CortexMl.Survey.Onnx;

/// <summary>Whether numbers agree: reals within 1e-4 of the greatest magnitude, quantized integers within one step.</summary>
internal static class Closeness
{
    private const double OneStep = 1.0;

    /// <summary>Some expected outputs were written down with four decimals.</summary>
    private const double Decimals = 1e4;

    /// <summary>Null where they agree; half-precision outputs within what that precision holds.</summary>
    /// <param name="type">ONNX's name of the expected element type.</param>
    public static string? Difference(Tensor expected, string type, Tensor<float> found)
    {
        double most = 0;
        for (int i = 0; i < expected.Length; i++)
            if (double.IsFinite(expected.GetDouble(i))) most = Math.Max(most, Math.Abs(expected.GetDouble(i)));
        double allowed = type switch
        {
            "INT8" or "UINT8" or "INT16" or "UINT16" => OneStep,
            "FLOAT16" => Math.Max(most, 1e-6) / 1024,
            "BFLOAT16" => Math.Max(most, 1e-6) / 128,
            _ => Math.Max(1e-4 * Math.Max(most, 1e-6), IsRounded(expected) ? 1 / Decimals : 0),
        };
        for (int i = 0; i < expected.Length; i++)
        {
            double want = expected.GetDouble(i), got = found.Data[i];
            if (want.Equals(got) || Math.Abs(want - got) <= allowed) continue;
            return string.Create(CultureInfo.InvariantCulture, $"element {i} is {got}, expected {want}; the greatest magnitude is {most}");
        }
        return null;
    }

    private static bool IsRounded(Tensor expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double scaled = expected.GetDouble(i) * Decimals;
            if (Math.Abs(scaled - Math.Round(scaled)) > 1e-2) return false;
        }
        return true;
    }
}
