using CortexMl.Diagnostics;
using Nethereum.Util;

namespace CortexMl.Chain.Abi;

/// <summary>Addresses with the checksum of EIP-55 in the case of their letters.</summary>
public static class Address
{
    /// <param name="bytes">20 bytes.</param>
    public static string Of(ReadOnlySpan<byte> bytes) => AddressUtil.Current.ConvertToChecksumAddress(bytes.ToArray());

    /// <summary>20 bytes; the checksum is compared where letters of both cases stand.</summary>
    /// <exception cref="DiagnosticException">CML1001, CML1011.</exception>
    public static byte[] Parse(string text)
    {
        byte[] bytes = Hex.Parse(text, "address");
        if (bytes.Length != ChainRules.AddressSize)
            throw new DiagnosticException(
                ChainCodes.AbiValue, $"address of {Counted.Of(bytes.Length, "byte")}", hint: "an address has 20 bytes, 40 digits");
        string digits = text.Trim()[^(2 * ChainRules.AddressSize)..];
        bool isMixed = digits.Any(char.IsAsciiLetterUpper) && digits.Any(char.IsAsciiLetterLower);
        if (isMixed && !AddressUtil.Current.IsChecksumAddress("0x" + digits))
            throw new DiagnosticException(ChainCodes.AbiValue, $"address {text}: the checksum in its capital letters is wrong",
                hint: "check the digits, or write it in lower case");
        return bytes;
    }
}
