namespace CortexMl.Reports;

/// <summary>How many of some elements are farther from zero than their integers reach, and how far.</summary>
/// <param name="Signal">Sum of all squares, in real units.</param>
/// <param name="Lost">Sum of the squares of what is cut off.</param>
public readonly record struct CutOff(long Elements, long Beyond, double Signal, double Lost)
{
    public double Share => Elements == 0 ? 0 : (double)Beyond / Elements;

    /// <summary>What is cut off, as a share of all energy.</summary>
    public double Energy => Signal > 0 ? Lost / Signal : 0;

    /// <summary>With one more element.</summary>
    /// <param name="bound">Largest magnitude of the integer's precision; one step beyond it is still its rounding.</param>
    public CutOff With(double real, int integer, double scale, long bound)
    {
        double excess = Math.Abs(real * scale) - bound;
        bool isBeyond = Math.Abs((long)integer) >= bound && excess >= 1;
        double lost = isBeyond ? excess / scale : 0;
        return new(Elements + 1, Beyond + (isBeyond ? 1 : 0), Signal + real * real, Lost + lost * lost);
    }
}
