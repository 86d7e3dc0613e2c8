using System.Globalization;
using CortexMl.Chain.Words;
using CortexMl.Cvm;

namespace CortexMl.Chain.Solidity;

/// <summary>How pixels of 0 to 255 become integers of 1 byte.</summary>
/// <param name="Inner">Elements that stand beside each other with one table, before that of the next channel counts.</param>
/// <param name="Tables">One for all channels or one for each: 256 integers.</param>
public sealed record PixelInput(int Inner, IReadOnlyList<sbyte[]> Tables)
{
    private const int Pixels = 256, White = 127;

    /// <summary>The contract's function that stores an image.</summary>
    internal string Function(CvmModel model)
    {
        string first = Tables.Count == 1 ? ""
            : Inner == 1 ? Text($"{Pixels} * (i % {Tables.Count}) + ") : Text($"{Pixels} * (i / {Inner} % {Tables.Count}) + ");
        string hex = Convert.ToHexStringLower([.. Tables.SelectMany(table => table).Select(integer => unchecked((byte)integer))]);
        return Text($$"""
                // Stores an image: {{model.InputLength}} pixels of 0 to 255 in the order of the input {{ChainShape.Input(model)}}.
                // Each becomes {{Meaning()}}
                function SetPixels(bytes pixels) public {
                    require(pixels.length == {{model.InputLength}});
                    bytes memory integers = hex"{{hex}}";
                    uint256[] memory words = new uint256[]({{InputWords.Count(model)}});
                    for (uint256 i = 0; i < {{model.InputLength}}; i++)
                        words[i / 32] |= uint256(uint8(integers[{{first}}uint8(pixels[i])])) << (8 * (31 - i % 32));
                    input_data = words;
                }


            """);
    }

    private string Meaning()
    {
        bool isCentred = Tables.All(table => table.Index().All(e => e.Item == Math.Min(e.Index - White, White)));
        return isCentred ? "the integer p - 127, and white 127."
            : $"what model.io.json says, by {(Tables.Count == 1 ? "a table" : "a table for each channel")}.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("\n");
}
