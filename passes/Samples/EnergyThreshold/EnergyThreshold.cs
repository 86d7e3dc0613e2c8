using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;

namespace CortexMl.Samples;

//  calibrate{method=energy,energy-percent=99.9}
//
// The least threshold within which lies so much of the squared sum of all numbers.
public sealed class EnergyThreshold : IPlugin
{
    public void Register() => CalibrationMethods.Add(new CalibrationMethod("energy", "so much of the squared sum lies within", Threshold)
    {
        Options =
        [
            new PassOption("energy-percent", PassOptionKind.Float, "99.9", "of energy: percent of the squared sum") { Min = 50, Max = 100 },
        ],
    });

    private static double Threshold(ValueStatistics seen, PassOptions options)
    {
        // Entry k counts the numbers of k to k + 1 bin widths, whatever their sign.
        long[] counts = seen.Histogram.Magnitudes();
        double Energy(int k) => counts[k] * (k + 0.5) * (k + 0.5);
        double wanted = options.Float("energy-percent") / 100 * Enumerable.Range(0, counts.Length).Sum(Energy), within = 0;
        int bins = 0;
        while (within < wanted && bins < counts.Length) within += Energy(bins++);
        return bins * seen.Histogram.Width;
    }
}
