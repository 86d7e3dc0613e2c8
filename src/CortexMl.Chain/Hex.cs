using CortexMl.Diagnostics;

namespace CortexMl.Chain;

/// <summary>Bytes as the chain's tools write them: <c>0x</c> and two digits a byte.</summary>
public static class Hex
{
    public static string Of(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>With or without <c>0x</c>, digits of either case; white space around and line breaks within are ignored.</summary>
    /// <param name="what">What messages call the text.</param>
    /// <exception cref="DiagnosticException">CML1001.</exception>
    public static byte[] Parse(string text, string what)
    {
        string digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) digits = digits[2..];
        int odd = digits.AsSpan().IndexOfAnyExcept(Digits);
        if (odd >= 0)
            throw new DiagnosticException(
                ChainCodes.Hex, $"{what}: '{digits[odd]}' is no hexadecimal digit", hint: "write 0x and two digits for each byte");
        if (digits.Length % 2 != 0)
            throw new DiagnosticException(ChainCodes.Hex,
                $"{what}: {Counted.Of(digits.Length, "hexadecimal digit is no whole byte", "hexadecimal digits are no whole bytes")}",
                hint: "write two digits for each byte");
        return Convert.FromHexString(digits);
    }

    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
