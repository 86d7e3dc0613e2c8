using System.Collections.Frozen;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Solidity;

/// <summary>Names that a contract may have.</summary>
internal static class Identifiers
{
    private const int MaxLength = 64;

    /// <summary>Solidity's words, and the members that the contract has itself.</summary>
    private static readonly FrozenSet<string> s_taken = """
        abstract address after anonymous apply as assembly auto bool break bytes byte case catch constant constructor continue contract copyof default define delete do
        else emit enum event external false final fixed finney for from function hex if immutable implements import in indexed inline int interface internal is let
        library macro mapping match memory modifier mutable new null of override partial payable pragma private promise public pure reference relocatable return
        returns sealed sizeof static storage string struct super supports switch szabo this throw true try typedef typeof ufixed uint unchecked using var view wei
        ether seconds minutes hours days weeks years while now block msg tx require revert assert infer inferArray SetInput SetPixels Infer InferAccount score keep
        DigitRecognitionInfer greatest decode model input_data output_data currentInferResult
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <exception cref="DiagnosticException">CML1040.</exception>
    public static void Check(string name)
    {
        bool isWord = name.Length is > 0 and <= MaxLength && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (!isWord) throw Refused($"'{name}' is no name of a contract");
        if (s_taken.Contains(name) || IsSizedType(name)) throw Refused($"'{name}' has a meaning in Solidity or in the contract");
    }

    private static bool IsSizedType(string name)
    {
        string type = name.TrimEnd([.. "0123456789x"]);
        return type is "int" or "uint" or "bytes" or "fixed" or "ufixed";
    }

    private static DiagnosticException Refused(string message) =>
        new(ChainCodes.Identifier, message,
            hint: $"letters, digits and _ are allowed, up to {MaxLength}, no digit first: --name DigitRecognition");
}
