using System.Text.Json;
using System.Text.Json.Serialization;
using CortexMl.Data.Preprocess;

namespace CortexMl.Survey.Networks;

/// <summary>What kind of samples a network takes; see README.md for what each is.</summary>
public enum DataKind
{
    Noise,
    Bytes,
    NoiseAndMnist,
    Images,
    ImageNet,
    Mnist,
    FashionMnist,
    Cifar10,

    /// <summary>The pictures of CIFAR-10, resized to what the network takes, without their labels.</summary>
    Cifar10Images,
}

/// <summary>How the samples of some networks are prepared: a row of preparations.json.</summary>
/// <param name="Networks">Names of files without extension, or of the folders that they lie in.</param>
/// <param name="Data">Of <see cref="Kinds"/>.</param>
public sealed record Preparation(IReadOnlyList<string> Networks, string Data)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The words of the table.</summary>
    public static IReadOnlyDictionary<string, DataKind> Kinds { get; } = new Dictionary<string, DataKind>(StringComparer.Ordinal)
    {
        ["noise"] = DataKind.Noise, ["bytes"] = DataKind.Bytes, ["noise-and-mnist"] = DataKind.NoiseAndMnist,
        ["images"] = DataKind.Images, ["imagenet"] = DataKind.ImageNet, ["mnist"] = DataKind.Mnist,
        ["fashion-mnist"] = DataKind.FashionMnist, ["cifar10"] = DataKind.Cifar10, ["cifar10-images"] = DataKind.Cifar10Images,
    };

    /// <summary>Of networks that the table does not know.</summary>
    public static Preparation Unknown { get; } = new([], "noise");

    /// <summary>What a stored number is divided by first.</summary>
    public double Divisor { get; init; } = 1;

    public IReadOnlyList<double> Mean { get; init; } = [];

    public IReadOnlyList<double> Std { get; init; } = [];

    /// <summary>The network's class of label 0.</summary>
    public int FirstClass { get; init; }

    /// <summary>The metric that says how good such a network is (cortexml eval --metric); null for top-1, agreement or decibels.</summary>
    public string? Metric { get; init; }

    /// <summary>Inputs that are numbers, by name: they are bound when the model is read.</summary>
    public IReadOnlyDictionary<string, long> Constants { get; init; } = new Dictionary<string, long>();

    /// <summary>Of inputs whose shapes the file leaves open.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Shapes { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    [JsonIgnore]
    public DataKind Kind => Kinds[Data];

    [JsonIgnore]
    public Preprocessing Preprocessing => new()
    {
        Scale = Divisor == 1 ? null : 1 / Divisor, Mean = [.. Mean], Std = [.. Std],
    };

    /// <summary>The rows that are built in.</summary>
    public static IReadOnlyList<Preparation> Table { get; } = ReadTable();

    /// <summary>The row of a model file; null where there is none.</summary>
    public static Preparation? Of(string path)
    {
        string named = Path.ChangeExtension(path, null).Replace('\\', '/');
        return Table.FirstOrDefault(row => row.Networks.Any(name => $"/{named}/".Contains($"/{name}/", StringComparison.Ordinal)));
    }

    private static List<Preparation> ReadTable()
    {
        using var stream = typeof(Preparation).Assembly.GetManifestResourceStream("preparations.json")!;
        return JsonSerializer.Deserialize<List<Preparation>>(stream, s_json)!;
    }
}
