using System.Numerics;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Rlp;

namespace CortexMl.ChainCheck;

/// <summary>Random types with values, and random RLP; the same seed gives the same cases.</summary>
public sealed class RandomCases(int seed)
{
    private const int Depth = 3;

    private static readonly int[] s_sizes = [0, 1, 1, 2, 20, 32, 55, 56, 57, 255, 256, 300];

    // Reproducible tests, no secrets.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    /// <summary>Lines as <see cref="ChainCase"/> reads them: two of the ABI, then one of RLP.</summary>
    public IEnumerable<string> Lines(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 3 == 2)
            {
                yield return ChainCase.Rlp(Item(Depth));
                continue;
            }
            AbiType[] types = [.. Many(0, 4, () => Type(Depth))];
            yield return ChainCase.Abi(types, [.. types.Select(Value)]);
        }
    }

    private AbiType Type(int depth) => _random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => new AbiInteger(8 * _random.Next(1, 33), _random.Next(2) == 1),
        1 => new AbiAddress(),
        2 => new AbiBool(),
        3 => new AbiFixedBytes(_random.Next(1, 33)),
        4 => new AbiBytes(),
        5 => new AbiString(),
        6 => new AbiArray(Type(depth - 1), null),
        7 => new AbiArray(Type(depth - 1), _random.Next(1, 4)),
        _ => new AbiTuple([.. Many(1, 3, () => Type(depth - 1))]),
    };

    private object Value(AbiType type) => type switch
    {
        AbiInteger integer => Integer(integer),
        AbiAddress => Address.Of(Bytes(20)),
        AbiBool => _random.Next(2) == 1,
        AbiFixedBytes bytes => Bytes(bytes.Size),
        AbiBytes => Bytes(_random.Next(70)),
        AbiString => string.Concat(Many(0, 40, () => "aZ0 \nß漢🙂".EnumerateRunes().ElementAt(_random.Next(8)).ToString())),
        AbiArray array => Many(array.Length ?? 0, array.Length ?? 3, () => Value(array.Element)).ToArray(),
        AbiTuple tuple => tuple.Components.Select(Value).ToArray(),
        _ => throw new ArgumentException($"{type.GetType()} is no ABI type"),
    };

    private object Integer(AbiInteger type)
    {
        var magnitude = new BigInteger(Bytes(32), isUnsigned: true) >> _random.Next(257 - type.Bits, 258);
        if (!type.IsSigned) return magnitude;
        return _random.Next(4) == 0 ? -(BigInteger.One << type.Bits - 1) : _random.Next(2) == 0 ? magnitude >> 1 : -(magnitude >> 1);
    }

    private RlpItem Item(int depth) => depth > 0 && _random.Next(3) == 0
        ? new RlpList([.. Many(0, _random.Next(8) == 0 ? 60 : 5, () => Item(depth - 1))])
        : new RlpBytes(Bytes(s_sizes[_random.Next(s_sizes.Length)]));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private List<T> Many<T>(int least, int most, Func<T> make) =>
        [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => make())];
#pragma warning restore CA5394
}
