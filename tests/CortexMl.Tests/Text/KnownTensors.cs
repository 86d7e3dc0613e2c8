using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Tests.Text;

/// <summary>Finds the tensors that graphs in memory hold, so that a text printed from them reads back in the same process.</summary>
internal sealed class KnownTensors : ITensorResolver
{
    private readonly Dictionary<string, Tensor> _digests = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Path, string Key), Tensor> _files = [];

    /// <summary>The constants of these graphs.</summary>
    public static KnownTensors Of(params IEnumerable<Graph> graphs)
    {
        var known = new KnownTensors();
        foreach (var constant in graphs.SelectMany(g => g.Constants)) known.Add(constant.Constant!);
        return known;
    }

    /// <summary>Makes a tensor known by its digest, and by file and key where it came from there.</summary>
    public void Add(ConstantData data)
    {
        _digests[data.Digest] = data.Tensor;
        if (data.Origin is ConstantOrigin.File file) _files[(file.Path, file.Key)] = data.Tensor;
    }

    public Tensor? File(string path, string key) => _files.GetValueOrDefault((path, key));

    public Tensor? Digest(string sha256) => _digests.GetValueOrDefault(sha256);
}
