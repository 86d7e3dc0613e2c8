using System.Text.Json;
using CortexMl.Cvm;

namespace CortexMl.Conformance;

/// <summary>
/// What the reference runtime did with a case: its <c>expect.json</c>. Fields that the file lacks are null and not compared.
/// </summary>
public sealed record Expectation
{
    public CvmStatus Status { get; init; }

    public CvmStage Stage { get; init; } = CvmStage.Ok;

    /// <summary>Inferences one after the other on the same loaded model; the output is the last one's.</summary>
    public int Runs { get; init; } = 1;

    public long? Gas { get; init; }

    public long? StorageSize { get; init; }

    public long? InputLength { get; init; }

    public long? OutputLength { get; init; }

    public long? InputTypeSize { get; init; }

    public long? OutputTypeSize { get; init; }

    /// <summary>Precision of every entry.</summary>
    public IReadOnlyList<int>? Precisions { get; init; }

    /// <summary>Shape of every output, as text.</summary>
    public IReadOnlyList<string>? OutputShapes { get; init; }

    /// <summary>Output bytes, lower-case hexadecimal.</summary>
    public string? Output { get; init; }

    public string? OutputSha256 { get; init; }

    /// <summary>Byte ranges that the reference leaves uninitialised.</summary>
    public IReadOnlyList<(int Low, int High)> Undefined { get; init; } = [];

    /// <summary>False where the device in question never answers.</summary>
    public bool IsAnswered { get; init; } = true;

    /// <param name="formal">Of the device that follows the published mathematics, where it differs from the CPU device.</param>
    public static Expectation Read(string path, bool formal)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        var cpu = new Expectation
        {
            Status = (CvmStatus)root.GetProperty("status").GetInt32(),
            Stage = root.TryGetProperty("stage", out var stage) ? Enum.Parse<CvmStage>(stage.GetString()!, ignoreCase: true) : CvmStage.Ok,
            Runs = (int)(Number(root, "runs") ?? 1),
            Gas = Number(root, "gas"),
            StorageSize = Number(root, "storage_size"),
            InputLength = Number(root, "input_length"),
            OutputLength = Number(root, "output_length"),
            InputTypeSize = Number(root, "input_type_size"),
            OutputTypeSize = Number(root, "output_type_size"),
            Precisions = root.TryGetProperty("entry_precision", out var precisions)
                ? [.. precisions.EnumerateArray().Select(p => p.GetInt32())]
                : null,
            OutputShapes = root.TryGetProperty("output_shapes", out var shapes) ? [.. shapes.EnumerateArray().Select(Shape)] : null,
            Output = Text(root, "output_hex"),
            OutputSha256 = Text(root, "output_sha256"),
            Undefined = root.TryGetProperty("undefined_byte_ranges", out var ranges)
                ? [.. ranges.EnumerateArray().Select(r => (r[0].GetInt32(), r[1].GetInt32()))]
                : [],
        };
        bool differs = formal && root.TryGetProperty("formal", out var other) && other.ValueKind == JsonValueKind.Object;
        return differs ? Formal(cpu, root.GetProperty("formal")) : cpu;
    }

    private static Expectation Formal(Expectation cpu, JsonElement formal)
    {
        if (formal.GetProperty("status").ValueKind == JsonValueKind.String) return cpu with { IsAnswered = false };
        var status = (CvmStatus)formal.GetProperty("status").GetInt32();
        return cpu with
        {
            Status = status,
            Stage = status == CvmStatus.Ok ? CvmStage.Ok : cpu.Stage,
            Output = Text(formal, "output_hex"),
            OutputShapes = null,
        };
    }

    private static long? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Shape(JsonElement dims) => "[" + string.Join(", ", dims.EnumerateArray().Select(d => d.GetInt32())) + "]";
}
