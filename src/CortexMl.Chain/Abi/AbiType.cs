using System.Globalization;

namespace CortexMl.Chain.Abi;

/// <summary>A type of Ethereum's contract ABI.</summary>
public abstract record AbiType
{
    /// <summary>The canonical spelling, as it stands in signatures: <c>uint256[]</c>, <c>(bool,bytes)</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the value stands behind the heads, which then hold its offset.</summary>
    public virtual bool IsDynamic => false;

    /// <summary>Bytes of a static value.</summary>
    public virtual long StaticSize => ChainRules.WordSize;

    /// <summary>Bytes among the heads: the value itself, or the offset of a dynamic one.</summary>
    public long HeadSize => IsDynamic ? ChainRules.WordSize : StaticSize;

    public sealed override string ToString() => Name;

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary><c>uint8 … uint256</c>, <c>int8 … int256</c>. Values: <see cref="System.Numerics.BigInteger"/>.</summary>
public sealed record AbiInteger(int Bits, bool IsSigned) : AbiType
{
    public override string Name => (IsSigned ? "int" : "uint") + Text(Bits);
}

/// <summary>20 bytes. Values: text, <c>0x</c> and 40 digits.</summary>
public sealed record AbiAddress : AbiType
{
    public override string Name => "address";
}

/// <summary>Values: <see cref="bool"/>.</summary>
public sealed record AbiBool : AbiType
{
    public override string Name => "bool";
}

/// <summary><c>bytes1 … bytes32</c>. Values: byte[].</summary>
public sealed record AbiFixedBytes(int Size) : AbiType
{
    public override string Name => "bytes" + Text(Size);
}

/// <summary>Values: byte[].</summary>
public sealed record AbiBytes : AbiType
{
    public override string Name => "bytes";

    public override bool IsDynamic => true;
}

/// <summary>UTF-8. Values: <see cref="string"/>.</summary>
public sealed record AbiString : AbiType
{
    public override string Name => "string";

    public override bool IsDynamic => true;
}

/// <summary><c>T[]</c> or <c>T[3]</c>. Values: lists.</summary>
/// <param name="Length">Null where the value brings its length.</param>
public sealed record AbiArray(AbiType Element, int? Length) : AbiType
{
    public override string Name => $"{Element.Name}[{(Length is { } length ? Text(length) : "")}]";

    public override bool IsDynamic => Length is null || Element.IsDynamic;

    public override long StaticSize => checked(Element.StaticSize * (Length ?? 0));
}

/// <summary><c>(T1,T2)</c>. Values: lists; names of the components change nothing in the encoding.</summary>
public sealed record AbiTuple(IReadOnlyList<AbiType> Components) : AbiType
{
    /// <summary>What the contract calls the components, all different: in JSON, values are then objects. Else empty.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public override string Name => $"({string.Join(',', Components.Select(c => c.Name))})";

    public override bool IsDynamic => Components.Any(c => c.IsDynamic);

    public override long StaticSize => Components.Sum(c => c.StaticSize);
}
