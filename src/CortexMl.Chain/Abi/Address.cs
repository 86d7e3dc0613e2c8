using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

/// <summary>Addresses with the checksum of EIP-55: the case of a letter tells a bit of the Keccak-256 of the address in lower case.</summary>
public static class Address
{
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        string digits = Convert.ToHexStringLower(bytes);
        byte[] hash = Keccak.Hash(Encoding.ASCII.GetBytes(digits));
        return "0x" + string.Concat(digits.Select((c, i) => (hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 8) != 0 ? char.ToUpperInvariant(c) : c));
    }

    /// <summary>20 bytes; the checksum is compared where letters of both cases stand.</summary>
    /// <exception cref="DiagnosticException">CML1001, CML1011.</exception>
    public static byte[] Parse(string text)
    {
        byte[] bytes = Hex.Parse(text, "address");
        if (bytes.Length != ChainRules.AddressSize) throw new DiagnosticException(ChainCodes.AbiValue, $"address of {bytes.Length} bytes", hint: "an address has 20 bytes, 40 digits");
        string digits = text.Trim()[^(2 * ChainRules.AddressSize)..];
        bool isMixed = digits.Any(char.IsAsciiLetterUpper) && digits.Any(char.IsAsciiLetterLower);
        if (isMixed && !Of(bytes).EndsWith(digits, StringComparison.Ordinal))
            throw new DiagnosticException(ChainCodes.AbiValue, $"address {text}: the checksum in its capital letters is wrong", hint: "check the digits, or write it in lower case");
        return bytes;
    }
}
