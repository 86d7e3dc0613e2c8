namespace CortexMl.Numerics;

/// <summary>
/// Elementary functions from additions, multiplications and divisions alone, in fixed order: IEEE 754 fixes every one of those, so tables
/// and folded constants have the same bytes on every machine, which the platform's own library functions do not promise. Relative error
/// below 1e-15.
/// </summary>
public static class PortableMath
{
    private const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10, InverseLn2 = 1.4426950408889634;

    /// <summary>e^x: x = k·ln 2 + r with |r| &lt;= ln 2 / 2, and the Taylor series of e^r.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.8) return double.PositiveInfinity;
        if (x < -745.2) return 0;
        double k = Math.Floor(x * InverseLn2 + 0.5), r = x - k * Ln2High - k * Ln2Low, sum = 1;
        for (int n = 18; n >= 1; n--) sum = 1 + sum * r / n;
        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>Natural logarithm: x = 2^k · m with m near 1, and log m = 2·artanh((m - 1)/(m + 1)).</summary>
    public static double Log(double x)
    {
        if (x < 0 || double.IsNaN(x)) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        int k = Math.ILogB(x);
        double m = Math.ScaleB(x, -k);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            k++;
        }
        double t = (m - 1) / (m + 1), square = t * t, sum = 0;
        for (int n = 21; n >= 1; n -= 2) sum = sum * square + 1.0 / n;
        return k * Ln2High + (2 * t * sum + k * Ln2Low);
    }

    /// <summary>10 · log₁₀(x): a ratio of energies in dB, of which reports and files say one or two digits behind the point.</summary>
    public static double Decibels(double ratio) => 4.3429448190325182765 * Log(ratio);

    /// <summary>Hyperbolic tangent: (1 - e^-2|x|) / (1 + e^-2|x|) with the sign of x; its series near 0, where that would cancel.</summary>
    public static double Tanh(double x)
    {
        double a = Math.Abs(x);
        if (a < 0.02)
        {
            double square = x * x;
            return x * (1 + square * (-1.0 / 3 + square * (2.0 / 15 + square * (-17.0 / 315 + square * 62.0 / 2835))));
        }
        double e = Exp(-2 * a), tanh = (1 - e) / (1 + e);
        return x < 0 ? -tanh : tanh;
    }

    /// <summary>
    /// Sine of radians: x = k·π/2 + r with |r| ≤ π/4, and a Taylor series of r; absolute error below 1e-15 up to |x| = 10⁶, beyond that
    /// it grows as |x| · 1e-16, for the nearest double of 2π is taken off first.
    /// </summary>
    public static double Sin(double x) => Quarter(x, 0);

    /// <summary>Cosine of radians, as <see cref="Sin"/> a quarter of a turn ahead.</summary>
    public static double Cos(double x) => Quarter(x, 1);

    /// <summary>The sine, so many quarters of a turn ahead.</summary>
    private static double Quarter(double x, int ahead)
    {
        // π/2 in three parts, the first two of 33 bits: their products with k are exact.
        const double first = 1.57079632673412561417, second = 6.07710050630396597660e-11, third = 2.02226624879595063154e-21;
        const double large = 1e6;
        if (!double.IsFinite(x)) return double.NaN;
        // The remainder of two doubles is one itself.
        if (Math.Abs(x) > large) x %= 2 * Math.PI;
        double k = Math.Floor(x / (first + second) + 0.5), r = x - k * first - k * second - k * third, square = r * r, sum = 1;
        int quarter = (int)((k - 4 * Math.Floor(k / 4) + ahead) % 4);
        if (quarter % 2 == 0)
        {
            for (int n = 18; n >= 2; n -= 2) sum = 1 - sum * square / (n * (n + 1));
            sum *= r;
        }
        else
            for (int n = 18; n >= 2; n -= 2) sum = 1 - sum * square / (n * (n - 1));
        return quarter < 2 ? sum : -sum;
    }

    /// <summary>
    /// Arctangent in radians: of 1/x where |x| > 1, the angle halved twice by t ⇒ t / (1 + √(1 + t²)), and the Taylor series of the
    /// quarter.
    /// </summary>
    public static double Atan(double x)
    {
        const double right = 1.5707963267948966;
        double a = Math.Abs(x), t = a > 1 ? 1 / a : a, sum = 0;
        for (int half = 0; half < 2; half++) t /= 1 + Math.Sqrt(1 + t * t);
        for (int n = 23; n >= 1; n -= 2) sum = 1.0 / n - sum * t * t;
        double angle = 4 * t * sum, atan = a > 1 ? right - angle : angle;
        return x < 0 ? -atan : atan;
    }

    /// <summary>Arcsine in radians: the arctangent of x / √(1 - x²); of |x| above 1 no number.</summary>
    public static double Asin(double x) => Atan(x / Math.Sqrt((1 - x) * (1 + x)));

    /// <summary>Arccosine in radians: twice the arctangent of √((1 - x) / (1 + x)); of |x| above 1 no number.</summary>
    public static double Acos(double x) => 2 * Atan(Math.Sqrt((1 - x) / (1 + x)));

    /// <summary>Inverse hyperbolic tangent: its series near 0, half the logarithm of (1 + x) / (1 - x) elsewhere.</summary>
    public static double Atanh(double x)
    {
        if (!(Math.Abs(x) < 0.18)) return 0.5 * Log((1 + x) / (1 - x));
        double sum = 0;
        for (int n = 21; n >= 1; n -= 2) sum = 1.0 / n + sum * x * x;
        return x * sum;
    }

    /// <summary>Inverse hyperbolic sine: 2·artanh(x / (1 + √(1 + x²))) up to |x| = 1, log(|x| + √(x² + 1)) beyond.</summary>
    public static double Asinh(double x)
    {
        double a = Math.Abs(x);
        double asinh = a > 1 ? LogOfSum(a, 1) : 2 * Atanh(a / (1 + Math.Sqrt(1 + a * a)));
        return x < 0 ? -asinh : asinh;
    }

    /// <summary>Inverse hyperbolic cosine: 2·artanh(√((x - 1) / (x + 1))) up to 2, log(x + √(x² - 1)) beyond; below 1 no number.</summary>
    public static double Acosh(double x) => x < 1 ? double.NaN : x > 2 ? LogOfSum(x, -1) : 2 * Atanh(Math.Sqrt((x - 1) / (x + 1)));

    /// <summary>log(x + √(x² + c)) for x above 1 and c of 1 or -1, which large x do not see.</summary>
    private static double LogOfSum(double x, int c) => x > 1e9 ? Log(x) + (Ln2High + Ln2Low) : Log(x + Math.Sqrt(x * x + c));

    /// <summary>
    /// Error function: its Maclaurin series e^-x² · Σ 2^n x^(2n+1) / (1·3·…·(2n+1)), whose terms are all positive; ±1 beyond 6.
    /// </summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        double a = Math.Abs(x);
        if (a >= 6) return x < 0 ? -1 : 1;
        double term = a, sum = a;
        for (int n = 1; n < 200 && term > sum * 1e-18; n++)
        {
            term *= 2 * a * a / (2 * n + 1);
            sum += term;
        }
        double erf = 1.1283791670955126 * Exp(-a * a) * sum;
        return x < 0 ? -erf : erf;
    }

    /// <summary>x to the power y: exact products for small integer y, e^(y·log x) otherwise.</summary>
    public static double Pow(double x, double y)
    {
        if (Math.Abs(y) <= 64 && y == Math.Floor(y))
        {
            double product = 1;
            for (int n = 0; n < (int)Math.Abs(y); n++) product *= x;
            return y < 0 ? 1 / product : product;
        }
        if (y == 0.5) return Math.Sqrt(x);
        if (x == 1) return 1;
        // Of a number below zero only whole powers are real: |x|^y, with the sign of x where y is odd.
        double magnitude = Exp(y * Log(x < 0 && y == Math.Floor(y) ? -x : x));
        return x < 0 && Math.Abs(y % 2) == 1 ? -magnitude : magnitude;
    }
}
