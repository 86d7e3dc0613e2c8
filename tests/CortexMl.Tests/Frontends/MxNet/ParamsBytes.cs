using System.Text;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Builds parameter files field by field.</summary>
internal sealed class ParamsBytes
{
    public const uint V1 = 0xF993FAC8, V2 = 0xF993FAC9, V3 = 0xF993FACA;

    private readonly List<byte> _arrays = [];
    private readonly List<string> _names = [];

    public ParamsBytes Add(string name, int[] dims, params float[] values) =>
        Add(name, V2, 0, dims, [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <param name="version">The first word; 0 for V0.</param>
    public ParamsBytes Add(string name, uint version, int type, int[] dims, byte[] data)
    {
        if (version != 0) Word(version);
        if (version is V2 or V3) Word(0);
        Word((uint)dims.Length);
        foreach (int dim in dims) _arrays.AddRange(version == 0 ? BitConverter.GetBytes(dim) : BitConverter.GetBytes((long)dim));
        Word(1);
        Word(0);
        Word((uint)type);
        _arrays.AddRange(data);
        _names.Add(name);
        return this;
    }

    /// <summary>An array given as raw 32-bit words.</summary>
    public ParamsBytes AddWords(string name, params uint[] words)
    {
        foreach (uint word in words) Word(word);
        _names.Add(name);
        return this;
    }

    public byte[] Build(bool withNames = true)
    {
        List<byte> file = [.. BitConverter.GetBytes(0x112UL), .. BitConverter.GetBytes(0UL), .. BitConverter.GetBytes((ulong)_names.Count),
            .. _arrays];
        file.AddRange(BitConverter.GetBytes(withNames ? (ulong)_names.Count : 0UL));
        foreach (byte[] name in (withNames ? _names : []).Select(Encoding.UTF8.GetBytes))
        {
            file.AddRange(BitConverter.GetBytes((ulong)name.Length));
            file.AddRange(name);
        }
        return [.. file];
    }

    private void Word(uint word) => _arrays.AddRange(BitConverter.GetBytes(word));
}
