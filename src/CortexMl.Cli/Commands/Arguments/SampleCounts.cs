using System.CommandLine;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>
/// How many samples a command takes: --samples bounds what calibrates, --limit what is run or measured. Where a command line has only one
/// set of data, either name bounds it.
/// </summary>
internal sealed class SampleCounts
{
    private const string Samples = "--samples", Limit = "--limit", First = "Use only the first N samples";

    private readonly Option<int?> _data;

    /// <summary>Null where the command has one set of data.</summary>
    private readonly Option<int?>? _test;

    private SampleCounts(Option<int?> data, Option<int?>? test) => (_data, _test) = (data, test);

    public IEnumerable<Option> Options => _test is null ? [_data] : [_data, _test];

    /// <summary>Of a command whose data are run or measured.</summary>
    public static SampleCounts OfRunning() => new(Count(First, Limit, Samples), null);

    /// <summary>Of a command whose data calibrate.</summary>
    public static SampleCounts OfCalibrating() => new(Count(First, Samples, Limit), null);

    /// <summary>Of a command that has both.</summary>
    public static SampleCounts OfBoth() => new(
        Count(First + " of --data", Samples), Count(First + " of --test", Limit));

    private static NumberOption<int?> Count(string description, string name, params string[] aliases) =>
        new(name, aliases) { Bounds = new(1), HelpName = "N", Description = description };

    /// <summary>Null for all samples.</summary>
    public int? OfData(ParseResult parsed) => parsed.GetValue(_data);

    /// <summary>Both bounds, of a command that has both.</summary>
    /// <param name="hasData">Whether there are data that calibrate.</param>
    /// <param name="hasTest">Whether there are data that are measured.</param>
    /// <exception cref="DiagnosticException">CML0940: a bound of data that are not there.</exception>
    public (int? Data, int? Test) OfBoth(ParseResult parsed, bool hasData, bool hasTest)
    {
        int? data = parsed.GetValue(_data), test = parsed.GetValue(_test!);
        if (hasData && hasTest) return (data, test);
        if (!hasData && !hasTest && (data ?? test) is not null)
            throw Usage($"{(data is null ? Limit : Samples)} bounds data, and there are none", "pass --data or --test, or leave it out");
        if (data is not null && test is not null)
            throw Usage($"{Samples} and {Limit} bound the same data: there is no {(hasData ? "--test" : "--data")}", "say one of them");
        return (hasData ? data ?? test : null, hasTest ? test ?? data : null);
    }

    private static DiagnosticException Usage(string message, string hint) => new(CliCodes.Usage, message, hint: hint);
}
