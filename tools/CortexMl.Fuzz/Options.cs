using System.Globalization;

namespace CortexMl.Fuzz;

/// <summary>How long, how wide and over what to fuzz.</summary>
public sealed record Options
{
    public const string Usage =
        "usage: [--minutes M | --inputs N] [--threads T] [--seed S] [--reader NAME] [--cases FOLDER] [--out FOLDER]";

    /// <summary>All readers together; ignored where <see cref="Inputs"/> is given.</summary>
    public double Minutes { get; init; } = 1;

    /// <summary>Inputs for each reader, the same for the same seed; null gives each its least number, then goes by time.</summary>
    public int? Inputs { get; init; }

    /// <summary>What every reader must get in a run of so many minutes: 10,000 in half an hour.</summary>
    public long LeastInputs => (long)(10_000 * Minutes / 30);

    public int Threads { get; init; } = 1;

    public int Seed { get; init; } = 1;

    /// <summary>Null for all.</summary>
    public string? Reader { get; init; }

    /// <summary>A folder of further CVM cases (symbol, params) to start from.</summary>
    public string? Cases { get; init; }

    /// <summary>Where reproducers go.</summary>
    public string Out { get; init; } = "fuzz-findings";

    /// <summary>Null where the command line makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        if (args.Length % 2 != 0) return null;
        var options = new Options();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = args[i + 1];
            bool isCount = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count);
            bool isNumber = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
            switch (args[i])
            {
                case "--minutes" when isNumber && number > 0: options = options with { Minutes = number }; break;
                case "--inputs" when isCount && count > 0: options = options with { Inputs = count }; break;
                case "--threads" when isCount && count > 0: options = options with { Threads = count }; break;
                case "--seed" when isCount: options = options with { Seed = count }; break;
                case "--reader": options = options with { Reader = value }; break;
                case "--cases" when Directory.Exists(value): options = options with { Cases = value }; break;
                case "--out": options = options with { Out = value }; break;
                default: return null;
            }
        }
        return options;
    }
}
