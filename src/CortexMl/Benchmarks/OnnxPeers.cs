using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Frontends.Onnx.Peers;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Benchmarks;

/// <summary>The same network on ONNX Runtime, in 8 bits and in float32.</summary>
internal static class OnnxPeers
{
    public const string Name = "onnxruntime", Int8 = Name + "-int8", Float = Name + "-float";

    /// <summary>Which peers a name on the command line stands for; none where it is no name of ONNX Runtime.</summary>
    public static IReadOnlyList<string> Named(string name) => name switch
    {
        Name => [Int8, Float],
        Int8 or Float => [name],
        _ => [],
    };

    /// <returns>Null, with a note, where the network has no form in ONNX or ONNX Runtime is not at hand.</returns>
    public static Contestant? Prepare(string name, Graph graph, IReadOnlyList<Tensor<int>> inputs, int threads, DiagnosticBag notes)
    {
        try
        {
            var peer = PeerExporter.Export(graph, name == Int8 ? PeerKind.Int8 : PeerKind.Float);
            var session = new FloatSession(peer.Bytes, peer.Inputs, peer.Outputs, FloatOptions.Peer(threads));
            Tensor<float>[] real = [.. inputs.Select(i => i.ToFloat())];
            return new Contestant(name, () => session.Run(real), session);
        }
        catch (DiagnosticException error)
        {
            notes.Note(LibraryCodes.NoPeer, $"no {name} to compare with: {string.Join("; ", error.Diagnostics.Select(d => d.Message))}");
            return null;
        }
    }
}
