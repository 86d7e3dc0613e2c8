namespace CortexMl.Cvm.Attributes;

/// <summary>Walks over a short text; white space is what C calls so in its default locale.</summary>
internal struct TextScanner(string text)
{
    private const char End = '\uffff';
    private int _at;

    public readonly char Peek() => _at < text.Length ? text[_at] : End;

    public char Take() => _at < text.Length ? text[_at++] : End;

    public void SkipSpace()
    {
        while (Peek() is ' ' or (>= '\t' and <= '\r')) _at++;
    }

    public bool OnlySpaceLeft()
    {
        SkipSpace();
        return _at == text.Length;
    }

    /// <summary>White space, a sign, digits; null for no digits or a value outside the range.</summary>
    public long? Integer(long min, long max)
    {
        SkipSpace();
        bool negative = Peek() == '-';
        if (Peek() is '-' or '+') _at++;
        int digits = _at;
        Int128 value = 0;
        for (; char.IsAsciiDigit(Peek()); _at++)
            if (value <= ulong.MaxValue) value = value * 10 + (Peek() - '0');
        if (negative) value = -value;
        return _at > digits && value >= min && value <= max ? (long)value : null;
    }
}
