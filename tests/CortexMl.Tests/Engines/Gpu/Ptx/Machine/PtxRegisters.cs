using System.Globalization;
using System.Text.RegularExpressions;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>
/// The slots of a thread, 64 bits each: what is known of it (%tid, %ntid, %ctaid, %nctaid), registers, constants. A register holds its bits
/// and zeros above them; one that nothing has written yet holds noise.
/// </summary>
internal sealed partial class PtxRegisters
{
    private const ulong Noise = 0xb5d1_93a7_c96b_e58f;

    private static readonly string[] s_known =
        [.. from name in (string[])["%tid", "%ntid", "%ctaid", "%nctaid"] from axis in "xyz" select $"{name}.{axis}"];

    private readonly Dictionary<string, (int First, int Count, int Bits)> _classes = [];
    private readonly Dictionary<ulong, int> _constants = [];
    private readonly List<ulong> _slots = [.. new ulong[s_known.Length]];

    /// <summary>Slots at the front, in the order of <see cref="PtxLaunch.Known"/>.</summary>
    public static int KnownCount => s_known.Length;

    public ulong[] ToSlots() => [.. _slots];

    /// <param name="type">.pred, .b16, .b32 or .b64</param>
    public void Declare(string type, string prefix, int count)
    {
        int bits = type switch { ".pred" => 1, ".b16" => 16, ".b32" => 32, ".b64" => 64, _ => throw new PtxFault($"type {type}") };
        if (!_classes.TryAdd(prefix, (_slots.Count, count, bits))) throw new PtxFault($"{prefix} is declared twice");
        for (int i = 0; i < count; i++) _slots.Add(Noise & Mask(bits));
    }

    /// <summary>A register and its width in bits; null where the text is none that is declared.</summary>
    public (int Slot, int Bits)? Find(string text)
    {
        var match = Register().Match(text);
        if (!match.Success || !_classes.TryGetValue(match.Groups["prefix"].Value, out var found)) return null;
        int number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return number < found.Count ? (found.First + number, found.Bits) : null;
    }

    /// <summary>Where the thread's place is held; null where the text names none.</summary>
    public static int? FindKnown(string text) => Array.IndexOf(s_known, text) is var at and >= 0 ? at : null;

    public int Constant(ulong value)
    {
        if (_constants.TryGetValue(value, out int known)) return known;
        _slots.Add(value);
        return _constants[value] = _slots.Count - 1;
    }

    public static ulong Mask(int bits) => ulong.MaxValue >> (64 - bits);

    [GeneratedRegex(@"^(?<prefix>%[a-z]+)(?<number>[0-9]{1,8})$")]
    private static partial Regex Register();
}
