using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Data;

/// <summary>Shorthands: read the samples of a file for one input.</summary>
internal static class Given
{
    public static byte[] Npy(Tensor tensor)
    {
        var stream = new MemoryStream();
        NpyWriter.Write(stream, tensor);
        return stream.ToArray();
    }

    public static List<Sample> Samples(
        string path, Shape input, Preprocessing? preprocessing = null, Func<DataOptions, DataOptions>? change = null)
    {
        var options = new DataOptions(path) { Preprocessing = preprocessing ?? Preprocessing.None };
        return [.. SampleSource.Open(change?.Invoke(options) ?? options, [("data", input)]).Read()];
    }

    public static string Error(
        string path, Shape input, Preprocessing? preprocessing = null, Func<DataOptions, DataOptions>? change = null) =>
        Assert.Throws<DiagnosticException>(() => Samples(path, input, preprocessing, change)).Message;
}
