using System.Globalization;

namespace CortexMl.Survey;

/// <summary>What became of one model file.</summary>
/// <param name="Operators">Operations of the compiled graph, constants apart.</param>
/// <param name="Samples">How many samples were compared; 0 where there are no labelled data.</param>
/// <param name="Float">Top-1 of the float network.</param>
/// <param name="Integer">Top-1 of the compiled one.</param>
/// <param name="Agreement">Share of samples for which both name the same class.</param>
/// <param name="Noise">The least signal-to-noise ratio of an output, in dB; null where there is no noise.</param>
/// <param name="Noisiest">The noisiest values, with their ratios.</param>
/// <param name="Seconds">To load and compile it.</param>
/// <param name="PeakBytes">The most memory that the process had by then.</param>
/// <param name="Refused">Why it was refused; null where it was compiled.</param>
/// <param name="Failed">What went wrong beyond a refusal; null where nothing did.</param>
internal sealed record NetworkRow(
    int Operators, int Samples, double? Float, double? Integer, double? Agreement, double? Noise, string Noisiest, double Seconds,
    long PeakBytes, string? Refused, string? Failed)
{
    public static readonly string Header =
        $"{"network",-52} {"ops",5} {"samples",7} {"float",7} {"integer",7} {"agree",7} {"noise dB",8} {"seconds",7} {"MB",6}";

    public static NetworkRow Without(string? refused, string? failed) => new(0, 0, null, null, null, null, "", 0, 0, refused, failed);

    public string ToText(string network)
    {
        if (Failed is not null) return $"{network,-52} FAILED: {Failed}";
        if (Refused is not null) return $"{network,-52} refused: {Refused}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{network,-52} {Operators,5} {Samples,7} {Percent(Float),7} {Percent(Integer),7} {Percent(Agreement),7} {Noise,8:F1} {Seconds,7:F1} {PeakBytes >> 20,6}");
    }

    private static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:F2}") : "-";
}
