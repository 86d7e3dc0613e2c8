using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>What is known of the data of each layer of one graph, for quantize.</summary>
/// <param name="moments">Of the layers whose weights are to be rounded by them.</param>
internal sealed class LayerData(IEnumerable<LayerInput> inputs, IReadOnlyDictionary<Operation, LayerMoments>? moments = null)
{
    private readonly Dictionary<string, LayerInput> _byName = inputs.ToDictionary(i => i.Layer, StringComparer.Ordinal);

    /// <summary>
    /// The mean of each channel of the layer's data; null where it was not measured, or of a layer that has become another since.
    /// </summary>
    /// <param name="names">Of the graph that was measured.</param>
    public IReadOnlyList<double>? Means(Operation layer, Names names) => Of(layer, names)?.Means is { Count: > 0 } means ? means : null;

    /// <summary>How the layer's weights were rounded when the calibration file was made; null as above.</summary>
    public RoundedWeights? Rounded(Operation layer, Names names) => Of(layer, names)?.Rounded;

    /// <summary>Second moments of the layer's data, where they were measured.</summary>
    public LayerMoments? Moments(Operation layer, Names names) => Of(layer, names) is null ? null : moments?.GetValueOrDefault(layer);

    /// <summary>What is known of the layer; a file that is not to correct biases has no means.</summary>
    public LayerInput? Of(Operation layer, Names names) =>
        _byName.GetValueOrDefault(names[layer.Result]) is { } input && input.Digest == Digest(layer)
            && (input.Means.Count == 0 || input.Means.Count == layer["data"].Type.Shape[1]) ? input : null;

    /// <summary>
    /// Of a layer's parameters: passes that change what it reads change them, so that it still does the same.
    /// </summary>
    public static string Digest(Operation layer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in layer.Operands.Skip(1)) hash.AppendData(MemoryMarshal.AsBytes(parameter.Constant!.Floats));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
