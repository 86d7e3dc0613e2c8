using System.CommandLine;
using CortexMl.Comparing;
using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>What commands that look at stages of a network share: data or random inputs, and how the pipeline runs.</summary>
internal sealed class ComparedArguments
{
    private readonly NumberOption<int?> _random = new("--random")
    {
        Bounds = new(1), HelpName = "N", Description = "Run on N inputs made from a seed, in place of data (the default, with 4)",
    };

    private readonly Option<string?> _calibration = new("--calibration")
    {
        HelpName = "FILE", Description = "Thresholds of an earlier calibration; without, the data that are run calibrate",
    };

    private readonly DataArguments _data;
    private readonly ModelArguments _models;
    private readonly PassArguments _passes;

    public ComparedArguments(Command command)
    {
        command.Options.Add(_random);
        command.Options.Add(_calibration);
        _data = new DataArguments(command, SampleCounts.OfRunning());
        _models = new ModelArguments(command);
        _passes = new PassArguments(command, isWhole: true);
    }

    public ComparisonRequest Read(ParseResult parsed, Session session, string first, string? second)
    {
        _passes.LoadPlugins(parsed);
        if (parsed.GetValue(_random) is not null && _data.IsGiven(parsed))
            throw new DiagnosticException(CliCodes.Usage, "--random goes without --data", hint: "leave one of them out");
        if (!_data.IsGiven(parsed)) _data.RefuseBeside("--random", parsed);
        var data = _data.IsGiven(parsed) ? _data.Required(parsed) : null;
        return new(first, second)
        {
            Data = data, Random = parsed.GetValue(_random) ?? 4, Models = _models.Read(parsed),
            Compiling = new CompileOptions
            {
                CalibrationFile = parsed.GetValue(_calibration), Pipeline = _passes.Pipeline(parsed), Skip = _passes.Skip(parsed),
                RewriteLimit = _passes.RewriteLimit(parsed), VerifyEach = _passes.VerifyEach(parsed), Plugins = _passes.Plugins(parsed),
                Preprocessing = data?.Preprocessing, Instrumentations = _passes.Watching(parsed, session).Instrumentations,
            },
        };
    }

    /// <summary>What can be said before a model is read.</summary>
    public IEnumerable<Action> Checks(ParseResult parsed, params IEnumerable<string> models)
    {
        foreach (var check in _models.Checks(parsed, models).Concat(_data.Checks(parsed, isNeeded: false)).Concat(_passes.Checks(parsed)))
            yield return check;
        if (parsed.GetValue(_calibration) is { } file) yield return () => InputFile.Check(file);
    }
}
