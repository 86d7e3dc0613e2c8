using System.Globalization;

namespace CortexMl.Shapes;

/// <summary>The command line.</summary>
/// <param name="Size">Rows and columns of the input.</param>
internal sealed record Options(string Network, string Folder, int Batch = 1, int Size = 224, int Seed = 1)
{
    private const int Smallest = 32, Largest = 1024, MostImages = 256;

    public static string Usage =>
        $"usage: NETWORK -o DIR [--seed N] [--batch 1..{MostImages}] [--size {Smallest}..{Largest}]\nnetworks: {string.Join(", ", SeededModel.Networks.Keys)}";

    /// <summary>Null where the command line makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        if (args.Length % 2 == 0 || !SeededModel.Networks.ContainsKey(args[0])) return null;
        var options = new Options(args[0], "");
        for (int i = 1; i < args.Length; i += 2)
        {
            bool isNumber = int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            switch (args[i])
            {
                case "-o": options = options with { Folder = args[i + 1] }; break;
                case "--seed" when isNumber: options = options with { Seed = number }; break;
                case "--batch" when isNumber && number is >= 1 and <= MostImages: options = options with { Batch = number }; break;
                case "--size" when isNumber && number is >= Smallest and <= Largest: options = options with { Size = number }; break;
                default: return null;
            }
        }
        return options.Folder.Length == 0 ? null : options;
    }
}
