using System.Text.Json;
using System.Text.RegularExpressions;
using CortexMl.Chain;
using CortexMl.Chain.Words;
using CortexMl.ChainCheck;
using CortexMl.Chaining;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Ir.Origins;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>What a contract makes of pixels is what model.io.json says.</summary>
public sealed partial class ContractPixelTests
{
    private static readonly Preprocessing s_unit = new() { Scale = 1.0 / 255 };

    private static readonly Preprocessing s_channels = new() { Scale = 1.0 / 255, Mean = [0.5, 0.25, 0], Std = [0.5, 0.25, 1] };

    [Fact]
    public void Centred_pixels_are_stored_less_127()
    {
        using var echo = new EchoModel(8, "", [1, 1, 2, 2]);
        string contract = ContractFile.Write(Centred(echo), "Digits", null);
        Assert.Equal(Enumerable.Range(0, 256).Select(p => p == 255 ? 127 : p - 127), Table(contract));
        Assert.Contains("Each becomes the integer p - 127, and white 127.\n    function SetPixels(bytes pixels)", contract);
        Assert.Contains("integers[uint8(pixels[i])]", contract);
        Assert.Contains(
            "//         floor((x - [0.4980392156862745]) · [255] · 1 + 0.5) within ±127, x prepared with --scale 1/255\n", contract);
    }

    [Theory]
    [InlineData(1, 3, 2, 2, "integers[256 * (i / 4 % 3) + uint8(pixels[i])]")]
    [InlineData(1, 2, 2, 3, "integers[256 * (i % 3) + uint8(pixels[i])]")]
    public void Channels_have_tables_of_their_own(int n, int a, int b, int c, string index)
    {
        using var echo = new EchoModel(8, "", [n, a, b, c]);
        var model = WithIo(echo, s_channels, scale: 63.5, centering: null, "u8");
        string contract = ContractFile.Write(model, "Images", null);
        Assert.Equal(Enumerable.Range(0, 3 * 256).Select(i => Naive(i % 256, s_channels, i / 256, 63.5)), Table(contract));
        Assert.Contains(index, contract);
        Assert.Contains("what model.io.json says, by a table for each channel.", contract);
    }

    [Fact]
    public void Only_bytes_of_one_input_are_pixels()
    {
        using var narrow = new EchoModel(8, "", [1, 1, 2, 2]);
        using var wide = new EchoModel(16, "", [1, 1, 2, 2]);
        foreach (var model in new[]
        {
            narrow.Model, WithIo(narrow, s_unit, 127, null, "f32"), WithIo(wide, s_unit, 127, null, "u8"),
            WithIo(narrow, s_unit, 127, null, null),
        })
            Assert.DoesNotContain("SetPixels", ContractFile.Write(model, "Others", null));
        Assert.Contains(
            "//         floor(x · 127 + 0.5) within ±127, x prepared with --scale 1/255\n",
            ContractFile.Write(WithIo(narrow, s_unit, 127, null, "f32"), "Others", null));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Contract_stores_what_chain_input_writes(bool isCentred)
    {
        var node = new NodeScript(Repository.Path("tools", "chain"));
        Skip.If(node.Problem() is not null, node.Problem());
        using var echo = isCentred ? new EchoModel(8, "", [1, 1, 5, 9]) : new EchoModel(8, "", [1, 3, 3, 5]);
        var model = isCentred ? Centred(echo) : WithIo(echo, s_channels, 63.5, null, "u8");
        byte[] pixels = [.. Enumerable.Range(0, 45).Select(i => (byte)(i * 83))];
        int[] integers = [.. pixels.Select((p, i) => isCentred ? Math.Min(p - 127, 127) : Naive(p, s_channels, i / 15, 63.5))];
        byte[] words = InputWords.Pack(echo.Cvm, Tensor.Create(echo.Cvm.Input.Type.Shape, integers));
        var ran = JsonDocument.Parse(node.Run(
            [JsonSerializer.Serialize(new
            {
                name = "Check", source = ContractFile.Write(model, "Check", null), scores = 45, pixels = Hex.Of(pixels),
                setInput = Hex.Of(ChainInput.ToCallData(ChainInput.SetInput, new byte[words.Length])),
                output = Words(new byte[OutputWords.Count(echo.Cvm) * 32]),
            })],
            "solidity.mjs")[0]).RootElement;
        Assert.False(ran.TryGetProperty("errors", out var errors), errors.ToString());
        Assert.Equal(Words(words), ran.GetProperty("image").EnumerateArray().Select(w => w.GetString()));
    }

    private static string[] Words(byte[] bytes) => [.. bytes.Chunk(32).Select(word => Hex.Of(word))];

    /// <summary>(p · scale - mean) / std in f32, times the input's scale in double, rounded half up and cut off.</summary>
    private static int Naive(int pixel, Preprocessing preparation, int channel, double scale)
    {
        float real = ((float)pixel * (float)preparation.Scale!.Value - (float)preparation.Mean[channel]) / (float)preparation.Std[channel];
        return (int)Math.Clamp(Math.Floor(real * scale + 0.5), -127, 127);
    }

    private static Model Centred(EchoModel echo) => WithIo(echo, s_unit, 1, new Centering(null, [127 / 255.0], [255]), "u8");

    private static Model WithIo(EchoModel echo, Preprocessing preparation, double scale, Centering? centering, string? type)
    {
        var graph = echo.Model.Graph;
        var input = new ModelPort("data", [.. graph.Inputs[0].Type.Shape], graph.Inputs[0].Type.Precision, scale) { Centering = centering };
        InputFacts Facts() => new(
            Input: "data", Type: type!, Shape: [2, 2], Samples: 1, Min: 0, Max: 255, PreparedMin: 0, PreparedMax: 1, LeastSpan: 0,
            Constant: 0, Identical: false);
        return echo.Model with
        {
            Io = new([input], [new("y", [.. graph.Outputs[0].Type.Shape], 8, 1)], preparation)
            {
                CalibratedOn = type is null ? [] : [Facts()],
            },
        };
    }

    private static IEnumerable<int> Table(string contract) =>
        Convert.FromHexString(Hexadecimal().Match(contract).Groups[1].Value).Select(b => (int)(sbyte)b);

    [GeneratedRegex("hex\"([0-9a-f]+)\"")]
    private static partial Regex Hexadecimal();
}
