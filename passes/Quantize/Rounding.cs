namespace CortexMl.Passes.Quantize;

/// <summary>The one rounding rule for parameters and tables: half up, in double, then saturation (passes/Quantize/README.md §5).</summary>
internal static class Rounding
{
    public static int Clamped(double value, long bound) => (int)Math.Clamp(Math.Floor(value + 0.5), -bound, bound);
}
