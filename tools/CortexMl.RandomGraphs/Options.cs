using System.Globalization;
using CortexMl.Engines;

namespace CortexMl.RandomGraphs;

/// <summary>The command line.</summary>
/// <param name="Engine">What is compared with the interpreter; cpu stands for every instruction set at hand, on 1 and on 2 threads.</param>
/// <param name="First">Number of the first graph: a campaign can be cut into pieces.</param>
internal sealed record Options(string Engine = "cpu", int Count = 1000, int Seed = 1, int First = 0)
{
    public static string Usage { get; } =
        $"usage: [--engine {string.Join('|', EngineList.OfProduct.Names.Skip(1))}] [--count N] [--seed S] [--first I]";

    /// <summary>Null where the command line makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        if (args.Length % 2 != 0) return null;
        var options = new Options();
        for (int i = 0; i < args.Length; i += 2)
        {
            bool isNumber = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            switch (args[i])
            {
                case "--engine": options = options with { Engine = args[i + 1] }; break;
                case "--count" when isNumber: options = options with { Count = number }; break;
                case "--seed" when isNumber: options = options with { Seed = number }; break;
                case "--first" when isNumber: options = options with { First = number }; break;
                default: return null;
            }
        }
        return options;
    }
}
