using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Survey.Networks;

namespace CortexMl.Survey;

/// <summary>The command line.</summary>
/// <param name="Folders">With networks; none for all that are at hand.</param>
public sealed record Options(IReadOnlyList<string> Folders)
{
    public const string Usage = """
        Compiles every network at hand, runs it in floats and in integers on samples that did not calibrate it, and prints a row for each:
        decibels of every output, top-1 of both, agreement, gas, bytes, seconds, memory.

        usage: survey [FOLDER…] [options]            without a folder: golden/models and ../shared/data
               survey --cases FOLDER                 the ONNX project's one-operator cases: a row for each operator
               survey --float-speed FILE…            the portable float engine beside ONNX Runtime, one thread each
               survey --float-layers                 its products with and without generated code beside ONNX Runtime, GFLOP/s

        what is measured
          FOLDER             networks (.onnx, -symbol.json with its .params) in it and below
          --wild FOLDER      the same, called 'wild' in the table
          --field FOLDER     the same, called 'field': a folder a case, with data.npy, test.npy, labels.npy beside the model
          --only NAME,…      networks of these names, or in folders of these names
          --data FOLDER      where mnist, fashion-mnist, cifar10 and imagenet-sample are; ../shared/data is the default
          --samples N        calibrate on the first N samples (default: 16 pictures or random inputs, 256 stored ones, 80 of ImageNet)
          --limit N          compare on the first N test samples; all is the default

        how it is compiled
          --passes PIPELINE  instead of the default pipeline
          --ablate           switch each technique off or on, one at a time: a row for each, and a table of what it is worth
          --techniques NAME,…
                             the same for these alone
          --jobs N           so many networks at a time (default 1); what varies by it are seconds

        where it goes
          --csv FILE         all figures, in the order of the names; only the last two columns (seconds, peak_mb) vary
          --page FILE        an HTML page with the table and plots
          --against FILE     an earlier CSV: the page and the table show before and after

        The table goes to standard output, progress to standard error. A network that is refused is a row with its first diagnostic.
        Exit code 0: every network was measured or refused with a reason, 1: something failed, 2: a mistake in the command line.

        examples
          dotnet run --project tools/CortexMl.Survey -c Release -- --csv before.csv
          dotnet run --project tools/CortexMl.Survey -c Release -- --only pfld,robot --ablate
          dotnet run --project tools/CortexMl.Survey -c Release -- --against before.csv --page survey.html
        """;

    private static readonly string[] s_flags = ["--ablate", "--float-layers", "--help"],
        s_valued = ["--wild", "--field", "--only", "--data", "--samples", "--limit", "--passes", "--csv", "--page", "--against", "--cases",
            "--techniques", "--jobs", "--measure", "--set", "--name", "--variant"];

    public string? Wild { get; init; }

    public string? Field { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    public string? Data { get; init; }

    public int? Samples { get; init; }

    public int? Limit { get; init; }

    public string? Passes { get; init; }

    /// <summary>Those that are switched.</summary>
    public IReadOnlyList<Technique> Techniques { get; init; } = [];

    /// <summary>So many networks are measured at a time.</summary>
    public int Jobs { get; init; } = 1;

    public string? Csv { get; init; }

    public string? Page { get; init; }

    public string? Against { get; init; }

    public string? Cases { get; init; }

    public IReadOnlyList<string> FloatSpeed { get; init; } = [];

    public bool FloatLayers { get; init; }

    public bool WantsHelp { get; init; }

    /// <summary>The one model that this process measures for another one, which knows it as <see cref="Set"/> and so on.</summary>
    public string? Measure { get; init; }

    public string Set { get; init; } = "";

    public string Name { get; init; } = "";

    public string Variant { get; init; } = NetworkRow.Default;

    /// <summary>Problems are told together, each a line.</summary>
    public static (Options Options, IReadOnlyList<string> Problems) Parse(string[] args)
    {
        if (args is ["--float-speed", .. var files])
            return (new Options([]) { FloatSpeed = files }, files.Length > 0 ? [] : ["--float-speed needs files"]);
        var (options, problems) = (new Options([]), new List<string>());
        for (int i = 0; i < args.Length; i++)
        {
            string word = args[i];
            if (word == "-h") word = "--help";
            if (!word.StartsWith('-'))
            {
                options = options with { Folders = [.. options.Folders, word] };
                continue;
            }
            if (s_flags.Contains(word))
            {
                options = word switch
                {
                    "--ablate" => options with { Techniques = Technique.All },
                    "--float-layers" => options with { FloatLayers = true },
                    _ => options with { WantsHelp = true },
                };
                continue;
            }
            if (!s_valued.Contains(word))
            {
                problems.Add($"there is no option '{word}'"
                    + (Nearest.Hint(word, [.. s_flags, .. s_valued, "--float-speed"]) is { } hint ? $"; {hint}" : ""));
                // Most likely its value.
                if (i + 1 < args.Length && !args[i + 1].StartsWith('-')) i++;
                continue;
            }
            if (i + 1 == args.Length || args[i + 1].Length == 0) problems.Add($"{word} needs a value");
            else options = With(options, word, args[++i], problems);
        }
        options.Check(problems);
        return (options, problems);
    }

    private static Options With(Options options, string word, string value, List<string> problems) => word switch
    {
        "--wild" => options with { Wild = value },
        "--field" => options with { Field = value },
        "--only" => options with { Only = [.. options.Only, .. value.Split(',', StringSplitOptions.RemoveEmptyEntries)] },
        "--data" => options with { Data = value },
        "--samples" => options with { Samples = Number(word, value, problems) },
        "--limit" => options with { Limit = Number(word, value, problems) },
        "--passes" => options with { Passes = value },
        "--techniques" => options with { Techniques = Named(value, problems) },
        "--jobs" => options with { Jobs = Number(word, value, problems) ?? 1 },
        "--csv" => options with { Csv = value },
        "--page" => options with { Page = value },
        "--against" => options with { Against = value },
        "--cases" => options with { Cases = value },
        "--measure" => options with { Measure = value },
        "--set" => options with { Set = value },
        "--name" => options with { Name = value },
        _ => options with { Variant = value },
    };

    private static List<Technique> Named(string names, List<string> problems)
    {
        var found = new List<Technique>();
        foreach (string name in names.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Technique.All.FirstOrDefault(t => t.Name == name) is { } technique) found.Add(technique);
            else problems.Add($"there is no technique '{name}'; there are {string.Join(", ", Technique.All.Select(t => t.Name))}");
        }
        return found;
    }

    private static int? Number(string word, string value, List<string> problems)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0) return number;
        problems.Add($"{word} {value}: a whole number from 1 is needed");
        return null;
    }

    private void Check(List<string> problems)
    {
        foreach (string folder in Folders.Concat(new[] { Wild, Field, Data, Cases }.OfType<string>()))
            if (!Directory.Exists(folder)) problems.Add($"there is no folder '{folder}'");
        if (Against is not null && !File.Exists(Against)) problems.Add($"there is no file '{Against}'");
        if (Techniques.Count > 0 && Passes is not null)
            problems.Add("--ablate and --passes exclude each other: techniques are switched in the default pipeline");
        if (Passes is null) return;
        try
        {
            Pipeline.Parse(Passes);
        }
        catch (DiagnosticException error)
        {
            problems.Add($"--passes: {error.Diagnostics[0].Message}");
        }
    }
}
