using System.Globalization;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Frontends.MxNet;

/// <summary>How a parameter is made up where <see cref="ImportOptions.RandomParamsSeed"/> asks for it.</summary>
internal enum Fill { Random, Zeros, Ones }

/// <summary>Parameters as f32, converted or made up once, within the memory limit.</summary>
internal sealed class FloatParameters(ParamsFile? file, ImportOptions options)
{
    private readonly Dictionary<string, ConstantData> _loaded = new(StringComparer.Ordinal);
    private long _bytes;

    public bool Has(string name) => file?.Find(name) is not null;

    /// <summary>Shape in the file, or null.</summary>
    public Shape? ShapeOf(string name) => file?.Find(name)?.Shape;

    /// <param name="expected">Shape of one that is made up.</param>
    public ConstantData Get(string name, Fill fill, params ReadOnlySpan<long> expected)
    {
        if (_loaded.TryGetValue(name, out var known)) return known;
        var stored = file?.Find(name);
        var shape = stored?.Shape ?? Known(name, expected);
        Reserve(name, shape);
        var bytes = TensorMemory.Bytes(shape, sizeof(float));
        var data = MemoryUse.Taking(bytes, $"parameter '{name}' {shape}", () => Load(name, stored, shape, fill));
        _loaded.Add(name, data);
        return data;
    }

    private ConstantData Load(string name, Tensor? stored, Shape shape, Fill fill) =>
        stored is not null ? new ConstantData(stored.ToFloat(), new ConstantOrigin.File(file!.Name, name)) : MakeUp(name, shape, fill);

    private ConstantData MakeUp(string name, Shape shape, Fill fill)
    {
        if (fill == Fill.Random)
        {
            long seed = SeedOf(name);
            return new ConstantData(RandomTensor.Floats(shape, seed), new ConstantOrigin.Random(seed));
        }
        var tensor = Tensor.Zeros<float>(shape);
        if (fill == Fill.Ones) Array.Fill(tensor.Data, 1f);
        return new ConstantData(tensor);
    }

    /// <summary>
    /// FNV-1a of the name, started at the user's seed: equal names and seeds give equal numbers, in whatever order they are asked for.
    /// </summary>
    private long SeedOf(string name)
    {
        ulong hash = 0xCBF29CE484222325 ^ (ulong)options.RandomParamsSeed!.Value;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 0x100000001B3;
        return (long)(hash & long.MaxValue);
    }

    private static Shape Known(string name, ReadOnlySpan<long> expected)
    {
        foreach (long dim in expected)
            if (dim is < 1 or > int.MaxValue)
                throw new NodeException(
                    FrontendCodes.MissingParameters, $"the shape of parameter '{name}' is not known, so it cannot be made up");
        return Shape.Of(expected.ToArray().Select(d => (int)d));
    }

    /// <exception cref="DiagnosticException">CML0106.</exception>
    public void Reserve(string name, Shape shape)
    {
        var bytes = TensorMemory.Bytes(shape, sizeof(float));
        if (bytes > options.MaxMemory - _bytes)
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                string.Create(CultureInfo.InvariantCulture,
                    $"parameter '{name}' {shape} exceeds the memory limit: it takes {Counted.Of(bytes, "byte")}; ")
                + $"{Counted.Part(_bytes, options.MaxMemory, "byte", "is", "are")} taken",
                hint: "raise --max-memory if this is meant");
        if (TensorMemory.Refusal($"parameter '{name}' {shape}", shape, sizeof(float)) is { } refusal)
            throw new DiagnosticException(DiagnosticCodes.TooLarge, refusal, hint: "give the network another input shape with --input");
        _bytes += (long)bytes;
    }
}
