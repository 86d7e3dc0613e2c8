using System.Globalization;

namespace CortexMl.Numerics;

/// <summary>Numbers as the text form writes them: invariant culture, the shortest digits that read back to the same value.</summary>
public static class Numbers
{
    public static string Format(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Format(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
