using System.Globalization;
using CortexMl.Engines.Cpu;

namespace CortexMl.Shapes;

/// <summary>The command line of the table.</summary>
/// <param name="Networks">Names, or folders of compiled networks.</param>
internal sealed record TableOptions(IReadOnlyList<string> Networks, IReadOnlyList<int> Threads, CpuInstructions Instructions)
{
    private const int MostThreads = 64;

    public static string Usage => "usage: table [--threads N[,N…]] [--instructions SET] [NETWORK|FOLDER …]; "
        + $"all networks with 1 and 2 threads where none are named\nnetworks: {string.Join(", ", SeededModel.Networks.Keys)}";

    /// <summary>Null where the command line makes no sense.</summary>
    public static TableOptions? Parse(IReadOnlyList<string> args)
    {
        List<string> networks = [];
        var options = new TableOptions([.. SeededModel.Networks.Keys], [1, 2], CpuInstructions.Auto);
        for (int i = 0; i < args.Count; i++)
        {
            string? value = i + 1 < args.Count ? args[i + 1] : null;
            switch (args[i])
            {
                case "--threads" when value is not null:
                    int[] threads = [.. value.Split(',').Select(Threads)];
                    if (threads.Contains(0)) return null;
                    options = options with { Threads = threads };
                    i++;
                    break;
                case "--instructions" when Enum.TryParse(value, ignoreCase: true, out CpuInstructions instructions):
                    options = options with { Instructions = instructions };
                    i++;
                    break;
                case var name when !name.StartsWith('-') && (SeededModel.Networks.ContainsKey(name) || Directory.Exists(name)):
                    networks.Add(name);
                    break;
                default:
                    return null;
            }
        }
        return networks.Count > 0 ? options with { Networks = networks } : options;

        static int Threads(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= MostThreads ? number : 0;
    }
}
