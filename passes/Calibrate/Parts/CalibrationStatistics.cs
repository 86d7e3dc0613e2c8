using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes.Calibrate.Parts;

/// <summary>
/// What calibration keeps of the samples that it ran: statistics of every value, and which samples stand for all. Joined, those of any
/// pieces of the data are those of all of it: counts and the largest of numbers, nothing is rounded.
/// </summary>
public sealed class CalibrationStatistics
{
    private CalibrationStatistics(IReadOnlyList<ValueStatistics> values, SampleDraw draw) => (Values, Draw) = (values, draw);

    /// <summary>In the order of <see cref="Measurement.Values"/>.</summary>
    public IReadOnlyList<ValueStatistics> Values { get; }

    /// <summary>By the samples' indices in the whole data.</summary>
    public SampleDraw Draw { get; }

    /// <summary>Before the first sample.</summary>
    public static CalibrationStatistics Empty(Graph graph) =>
        new([.. Measurement.Values(graph).Select(Measurement.Empty)], new SampleDraw());

    //  for each value   its statistics, see ValueStatistics.Write
    //  n                number of samples that were drawn
    //  n times          digest (8 bytes), index
    /// <summary>All of it in few bytes; the same statistics give the same bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new CompactWriter();
        foreach (var value in Values) value.Write(bytes);
        bytes.Add(Draw.Kept.Count());
        foreach (var (digest, index) in Draw.Kept)
        {
            bytes.Add(digest);
            bytes.Add(index);
        }
        return bytes.ToArray();
    }

    /// <summary>Takes up what another run over other samples of the same data found.</summary>
    /// <param name="bytes">Of <see cref="ToBytes"/>, of the same graph.</param>
    /// <param name="first">Index of the first of its samples.</param>
    /// <param name="count">Of its samples.</param>
    /// <exception cref="FormatException">They are no such statistics.</exception>
    public void Merge(ReadOnlySpan<byte> bytes, int first, int count)
    {
        var reader = new CompactReader(bytes);
        foreach (var value in Values) value.Merge(ref reader, count);
        long drawn = reader.Whole(SampleDraw.Most);
        if (drawn != Math.Min(count, SampleDraw.Most)) throw new FormatException("it has not drawn as many samples as it should");
        for (int i = 0; i < drawn; i++)
        {
            ulong digest = reader.Digest();
            int index = (int)reader.Whole(int.MaxValue);
            if (index < first || index >= first + count) throw new FormatException("it has drawn samples of other shards");
            Draw.Add(digest, index);
        }
        if (!reader.IsAtEnd) throw new FormatException("there is something behind the statistics");
    }
}

/// <summary>Statistics that stand in for running the network on the data: put among <see cref="PassServices.Given"/>.</summary>
/// <param name="Of">The statistics of the graph that is to be calibrated.</param>
public sealed record GivenStatistics(Func<Graph, CalibrationStatistics> Of);

/// <summary>
/// Put among <see cref="PassServices.Given"/>, calibrate only measures, and leaves <see cref="CalibrationStatistics"/> among the results;
/// data may be without a sample then. The graph stays as it is.
/// </summary>
public sealed record MeasuringAlone;
