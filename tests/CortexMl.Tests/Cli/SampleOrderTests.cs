using System.Text.Json;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>
/// Samples in another order are the same samples: calibration keeps statistics that have none. There is no batch size to vary; calibration
/// runs samples one by one always. Of more samples than they measure, choose-widths and the search of --min-db take the first, so that
/// which layers get 15 bits or centred data may depend on the order then; nothing is held of that here.
/// </summary>
public sealed class SampleOrderTests : IDisposable
{
    private static readonly string s_lenet = Repository.Path("golden", "models", "mnist-lenet");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_network_that_8_bits_are_enough_for_is_the_same_in_any_order()
    {
        var images = NpyReader.Read(Path.Combine(s_lenet, "calibration.npy"));
        var samples = Tensor.Create(Shape.Of(40, 1, 28, 28), ((Tensor<byte>)images).Data[..(40 * 28 * 28)]);
        foreach (var (name, order) in Orders(samples))
        {
            var told = Compile(name, order, Path.Combine(s_lenet, "mnist-lenet-symbol.json"), "--scale", "1/255");
            Assert.DoesNotContain("CML0537", told, StringComparison.Ordinal);
            Assert.False(Calibration(name).TryGetProperty("damage", out _));
        }
        SameThresholds();
        SameModel();
    }

    [Theory]
    [InlineData(NoisyNetwork.Measured, false)]
    [InlineData(NoisyNetwork.Reported, true)]
    public void Layers_get_the_same_forms_in_any_order_of_samples_that_are_all_measured(int count, bool hasTarget)
    {
        string[] target = hasTarget ? NoisyNetwork.Target : [];
        foreach (var (name, order) in Orders(NoisyNetwork.Samples(count)))
            Assert.Contains("note CML0537: ", Compile(name, order, Noisy(), target), StringComparison.Ordinal);
        SameThresholds();
        SameModel();
        Assert.Equal(Calibration("given").GetProperty("damage").GetRawText(), Calibration("turned").GetProperty("damage").GetRawText());
    }

    [Fact]
    public void Thresholds_are_the_same_in_any_order_of_more_samples_than_are_measured()
    {
        foreach (var (name, order) in Orders(NoisyNetwork.Samples(2 * NoisyNetwork.Measured))) Compile(name, order, Noisy());
        SameThresholds();
    }

    [Fact]
    public void Each_value_gets_the_same_method_in_any_order()
    {
        string pipeline = DefaultPipeline.Text.Replace(",calibrate,", ",calibrate{method=auto},", StringComparison.Ordinal);
        foreach (var (name, order) in Orders(NoisyNetwork.Samples(2 * NoisyNetwork.Measured)))
            Compile(name, order, Noisy(), "--passes", pipeline);
        SameThresholds();
        Assert.All(
            Calibration("given").GetProperty("values").EnumerateArray(), v => Assert.NotEmpty(v.GetProperty("method").GetString()!));
    }

    private static (string Name, Tensor Samples)[] Orders<T>(Tensor<T> samples) where T : unmanaged
    {
        int count = samples.Shape[0];
        T[][] each = [.. samples.Data.Chunk(samples.Data.Length / count)];
        // Every seventh, from the last on: 7 divides none of the counts.
        T[] turned = [.. Enumerable.Range(0, count).SelectMany(i => each[count - 1 - i * 7 % count])];
        Assert.NotEqual(samples.Data, turned);
        return [("given", samples), ("turned", Tensor.Create(samples.Shape, turned))];
    }

    private string Noisy() => _folder.Write("net.cml", NoisyNetwork.Text);

    private string Compile(string name, Tensor samples, string model, params string[] more)
    {
        string data = _folder[$"{name}.npy"];
        NpyWriter.Write(data, samples);
        var run = CliRun.Of(["compile", model, "-o", _folder[name], "--data", data, .. more]);
        Assert.True(run.Exit == 0, run.Error);
        return run.Error;
    }

    private JsonElement Calibration(string name) =>
        JsonDocument.Parse(File.ReadAllText(_folder[$"{name}/model.calibration.json"])).RootElement;

    private void SameThresholds() =>
        Assert.Equal(Calibration("given").GetProperty("values").GetRawText(), Calibration("turned").GetProperty("values").GetRawText());

    private void SameModel()
    {
        foreach (string file in new[] { "symbol", "params" })
            Assert.Equal(File.ReadAllBytes(_folder[$"given/{file}"]), File.ReadAllBytes(_folder[$"turned/{file}"]));
    }
}
