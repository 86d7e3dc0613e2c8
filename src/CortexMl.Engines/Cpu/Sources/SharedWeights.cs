using System.Runtime.CompilerServices;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Packed weights of the constants that are in use: executables of several workers read the same ones.</summary>
internal static class SharedWeights
{
    private static readonly ConditionalWeakTable<ConstantData, Dictionary<PackedForm, WeakReference<Pinned<byte>>>> s_known = [];

    /// <param name="pack">Called where nobody holds these.</param>
    public static Pinned<byte> Get(ConstantData constant, PackedForm form, Func<Pinned<byte>> pack)
    {
        var known = s_known.GetOrCreateValue(constant);
        lock (known)
        {
            if (known.TryGetValue(form, out var held) && held.TryGetTarget(out var packed)) return packed;
            packed = pack();
            known[form] = new WeakReference<Pinned<byte>>(packed);
            return packed;
        }
    }
}
