using System.Globalization;
using CortexMl.Chain.Words;
using CortexMl.Cvm;

namespace CortexMl.Chain.Solidity;

/// <summary>What the output means to a contract.</summary>
public enum OutputKind
{
    /// <summary>One row of scores; the class is the first greatest.</summary>
    Scores,

    /// <summary>The runtime already returns the class.</summary>
    Class,

    /// <summary>Anything else: numbers without a class.</summary>
    Numbers,
}

public static class OutputKinds
{
    public static OutputKind Of(CvmModel model)
    {
        if (OutputWords.IsArgMax(model)) return OutputWords.ElementCount(model) == 1 ? OutputKind.Class : OutputKind.Numbers;
        var shape = model.Graph.Outputs[0].Type.Shape;
        bool isOneRow = model.Graph.Outputs.Count == 1 && shape.Count > 1 && shape[^1] == shape.Count;
        return isOneRow ? OutputKind.Scores : OutputKind.Numbers;
    }
}

/// <summary>The parts of a contract that depend on what the output means.</summary>
internal static class OutputParts
{
    public static string State(OutputKind kind) => kind switch
    {
        OutputKind.Scores => Result("The class of the last call: the first of the greatest scores."),
        OutputKind.Class => Result("The class of the last call."),
        _ => "",
    };

    /// <summary>What the chain's tutorial calls it, where there is a class as there.</summary>
    public static string TutorialName(CvmModel model) => OutputKinds.Of(model) == OutputKind.Numbers ? "" : """
            // The same, by the name that the chain's tutorial gives it.
            function DigitRecognitionInfer() public {
                Infer();
            }


        """.ReplaceLineEndings("\n");

    public static string Functions(CvmModel model, ContractOptions options)
    {
        var kind = OutputKinds.Of(model);
        string? greatest = kind == OutputKind.Scores ? Greatest(model) : null;
        return string.Join("\n\n", new[] { Score(model, options), Keep(kind), greatest, Decode(model) }.OfType<string>());
    }

    private static string Result(string comment) => $"""

            // {comment}
            uint256 public currentInferResult;

        """;

    private static string Score(CvmModel model, ContractOptions options) => Text($$"""
            // Number i of what the last call returned{{Meaning(options)}}.
            function score(uint256 i) public view returns (int256) {
                require(i < {{OutputWords.ElementCount(model)}});
                return decode(output_data[i / {{PerWord(model)}}], i % {{PerWord(model)}});
            }
        """);

    private static string Meaning(ContractOptions options) =>
        options.OutputScales is [var scale] ? Text($"; the network's own output is about {Of(options.LastStep)}score / {scale}") : "";

    private static string Of(string? step) => step is null ? "" : $"the {step} of ";

    private static string Keep(OutputKind kind)
    {
        string result = kind switch
        {
            OutputKind.Scores => "\n        currentInferResult = greatest(output);",
            OutputKind.Class => "\n        currentInferResult = uint256(decode(output[0], 0));",
            _ => "",
        };
        return $$"""
                function keep(uint256[] memory output) private {
                    output_data = output;{{result}}
                }
            """;
    }

    private static string Greatest(CvmModel model) => Text($$"""
            function greatest(uint256[] memory output) private pure returns (uint256) {
                uint256 best = 0;
                int256 bestScore = decode(output[0], 0);
                for (uint256 i = 1; i < {{OutputWords.ElementCount(model)}}; i++) {
                    int256 current = decode(output[i / {{PerWord(model)}}], i % {{PerWord(model)}});
                    if (current > bestScore) {
                        best = i;
                        bestScore = current;
                    }
                }
                return best;
            }
        """);

    private static string Decode(CvmModel model)
    {
        int bits = 8 * model.OutputTypeSize;
        return Text($$"""
                // The signed number at a position of a word, 0 the most significant.
                function decode(uint256 word, uint256 position) private pure returns (int256) {
                    return int256(int{{bits}}(uint{{bits}}(word >> ({{bits}} * ({{PerWord(model) - 1}} - position)))));
                }
            """);
    }

    private static int PerWord(CvmModel model) => ChainRules.WordSize / model.OutputTypeSize;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("\n");
}
