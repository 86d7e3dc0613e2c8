using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

/// <summary>Reads types as signatures spell them; <c>uint</c> and <c>int</c> mean 256 bits, names of parameters are skipped.</summary>
/// <param name="tuple">What the word <c>tuple</c> means, as in the JSON of a contract's ABI; null in signatures.</param>
internal sealed class AbiTypeReader(string text, AbiTuple? tuple = null)
{
    public const int MaxDepth = 32;

    private const int MaxText = 1 << 16;

    /// <summary>A value of a larger static type cannot be in memory.</summary>
    private const long MaxStaticSize = int.MaxValue;

    private int _at;
    private int _depth;

    /// <summary>A comma-separated list in parentheses.</summary>
    /// <exception cref="DiagnosticException">CML1010.</exception>
    public List<AbiType> ReadList()
    {
        if (text.Length > MaxText) throw Refused($"{Counted.Of(text.Length, "character is", "characters are")} no signature");
        if (++_depth > MaxDepth) throw Refused($"types nest deeper than {MaxDepth}");
        Expect('(');
        var types = new List<AbiType>();
        if (!TryTake(')'))
        {
            do
            {
                types.Add(ReadType());
                SkipName();
            }
            while (TryTake(','));
            Expect(')');
        }
        _depth--;
        return types;
    }

    /// <summary>One type that is the whole text, such as <c>uint8[2][]</c> or <c>tuple[]</c>.</summary>
    /// <exception cref="DiagnosticException">CML1010.</exception>
    public AbiType ReadWhole()
    {
        var type = ReadType();
        return IsAtEnd() ? type : throw Refused("expected the end of the type");
    }

    /// <summary>A word of letters, digits, <c>_</c> and <c>$</c>; empty where there is none.</summary>
    public string ReadWord()
    {
        SkipSpace();
        int start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '$')) _at++;
        return text[start.._at];
    }

    public bool IsAtEnd()
    {
        SkipSpace();
        return _at == text.Length;
    }

    public DiagnosticException Refused(string message) =>
        new(ChainCodes.AbiType, $"{message}, at character {_at + 1}",
            hint: "write for example SetInput(uint256[]) or scores(uint256) returns (int256)");

    private AbiType ReadType()
    {
        SkipSpace();
        AbiType type = _at < text.Length && text[_at] == '(' ? new AbiTuple(ReadList()) : ReadElementary();
        for (int nested = _depth; TryTake('['); nested++)
        {
            if (nested > MaxDepth) throw Refused($"types nest deeper than {MaxDepth}");
            type = ReadArray(type);
        }
        return Size(type) <= MaxStaticSize ? type : throw Refused($"a value has more than {MaxStaticSize} bytes");
    }

    private AbiArray ReadArray(AbiType element)
    {
        if (!element.IsDynamic && element.StaticSize == 0) throw Refused($"an array of '{element.Name}', which has no bytes");
        string digits = ReadWord();
        Expect(']');
        if (digits.Length == 0) return new AbiArray(element, null);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            throw Refused($"'{digits}' is no length of an array");
        return new AbiArray(element, length);
    }

    private AbiType ReadElementary()
    {
        string word = ReadWord();
        return word switch
        {
            "tuple" when tuple is not null => tuple,
            "address" => new AbiAddress(),
            "bool" => new AbiBool(),
            "string" => new AbiString(),
            "bytes" => new AbiBytes(),
            "uint" => new AbiInteger(256, false),
            "int" => new AbiInteger(256, true),
            _ when Number(word, "uint") is { } bits and >= 8 and <= 256 && bits % 8 == 0 => new AbiInteger(bits, false),
            _ when Number(word, "int") is { } bits and >= 8 and <= 256 && bits % 8 == 0 => new AbiInteger(bits, true),
            _ when Number(word, "bytes") is { } size and >= 1 and <= 32 => new AbiFixedBytes(size),
            _ => throw Refused(word.Length == 0 ? "a type is missing" : $"there is no type '{word}'"),
        };
    }

    private static int? Number(string word, string prefix) =>
        word.StartsWith(prefix, StringComparison.Ordinal) && word.Length > prefix.Length && word[prefix.Length] != '0'
        && int.TryParse(word.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static long Size(AbiType type)
    {
        try
        {
            return type.HeadSize;
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>What may stand behind a type: <c>memory</c>, <c>indexed</c>, the parameter's name.</summary>
    private void SkipName()
    {
        while (ReadWord().Length > 0)
        {
        }
    }

    private void Expect(char wanted)
    {
        if (!TryTake(wanted)) throw Refused($"expected '{wanted}'");
    }

    private bool TryTake(char wanted)
    {
        SkipSpace();
        if (_at >= text.Length || text[_at] != wanted) return false;
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }
}
