using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>How the pixels around a position share in its value.</summary>
/// <param name="Weight">Of a pixel by its distance.</param>
/// <param name="Reach">Pixels on each side that have a share.</param>
internal sealed record PixelShares(Func<double, double> Weight, int Reach)
{
    public static readonly PixelShares Linear = new(distance => Math.Max(0, 1 - Math.Abs(distance)), 1);

    /// <summary>Pixels beyond the edge have no share, and the others' are enlarged to 1; without it they are the edge again.</summary>
    public bool IsInsideOnly { get; init; }

    /// <summary>Where the image becomes smaller, as many more pixels share in each of the result.</summary>
    public bool Widens { get; init; }

    /// <summary>Cubic convolution: (a + 2)|d|³ - (a + 3)|d|² + 1 up to 1, a|d|³ - 5a|d|² + 8a|d| - 4a up to 2.</summary>
    /// <param name="a">The slope at distance 1: -0.75 or -0.5.</param>
    public static PixelShares Cubic(double a) => new(distance => Math.Abs(distance) switch
    {
        <= 1 and var d => ((a + 2) * d - (a + 3)) * d * d + 1,
        < 2 and var d => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a,
        _ => 0,
    }, 2);

    /// <summary>A matrix [positions, pixels]: the share of each pixel at each position; at NaN none has one.</summary>
    /// <param name="scale">Size of the result by that of the data.</param>
    public Tensor<float> Matrix(double[] positions, int pixels, double scale)
    {
        var shares = Tensor.Zeros<float>(Shape.Of(positions.Length, pixels));
        double stretch = Widens ? Math.Min(1, scale) : 1;
        int reach = (int)Math.Ceiling(Reach / stretch);
        var window = new double[2 * reach];
        for (int o = 0; o < positions.Length; o++)
        {
            if (double.IsNaN(positions[o])) continue;
            double at = Math.Clamp(positions[o], -reach, pixels - 1.0 + reach);
            int first = (int)Math.Floor(at) - reach + 1;
            for (int k = 0; k < window.Length; k++)
                window[k] = IsInsideOnly && (first + k < 0 || first + k >= pixels) ? 0 : Weight((first + k - at) * stretch);
            double sum = window.Sum(), unit = (stretch < 1 || IsInsideOnly) && sum != 0 ? 1 / sum : 1;
            for (int k = 0; k < window.Length; k++)
                shares.Data[o * pixels + Math.Clamp(first + k, 0, pixels - 1)] += (float)(window[k] * unit);
        }
        return shares;
    }
}
