using System.Globalization;
using CortexMl.Chain.Words;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Chain.Solidity;

/// <summary>What a contract is written for.</summary>
/// <param name="Name">Of the contract: a Solidity identifier.</param>
/// <param name="InfoHash">Named in a comment; null leaves it out.</param>
/// <param name="OutputScales">score / scale ≈ the network's real output, for a comment; empty where unknown.</param>
public sealed record ContractOptions(
    string Name, string? InfoHash = null, IReadOnlyList<double>? OutputScales = null)
{
    /// <summary>What makes the network's output of the reals of the only output, for a comment; null where they are that.</summary>
    public string? LastStep { get; init; }

    /// <summary>How the network's inputs become integers, one line each, for a comment; empty where unknown.</summary>
    public IReadOnlyList<string> InputRules { get; init; } = [];

    /// <summary>What a function that stores an image makes of its pixels; null where the input is none.</summary>
    public PixelInput? Pixels { get; init; }
}

/// <summary>Writes a contract in the manner of the chain's tutorial that calls one model and decodes what it returns.</summary>
public static class ContractWriter
{
    /// <exception cref="Diagnostics.DiagnosticException">CML1040.</exception>
    public static string Write(CvmModel model, ContractOptions options)
    {
        Identifiers.Check(options.Name);
        return Text($$"""
            pragma solidity ^0.4.22;

            // Calls a model of the Cortex chain. infer and inferArray are built into Cortex's Solidity compiler.
            //
            {{Facts(model, options)}}
            contract {{options.Name}} {
                // The account of the model.
                address public model;

                // {{Layout(model.InputLength, model.InputTypeSize)}}
                uint256[] public input_data;

                // What the last call returned. {{Layout(model.OutputLength, model.OutputTypeSize)}}
                uint256[] public output_data;
            {{OutputParts.State(OutputKinds.Of(model))}}
                constructor(address modelAddress) public {
                    model = modelAddress;
                }

                // Stores the input; "cortexml chain input --format calldata" writes this call.
                function SetInput(uint256[] inputData) public {
                    require(inputData.length == {{InputWords.Count(model)}});
                    input_data = inputData;
                }

            {{options.Pixels?.Function(model) ?? ""}}    // Runs the model on the stored input.
                function Infer() public {
                    uint256[] memory output = new uint256[]({{OutputWords.Count(model)}});
                    inferArray(model, input_data, output);
                    keep(output);
                }

            {{OutputParts.TutorialName(model)}}    // Runs the model on an account of input data of shape {{ChainShape.Input(model)}}.
                function InferAccount(address input) public {
                    uint256[] memory output = new uint256[]({{OutputWords.Count(model)}});
                    infer(model, input, output);
                    keep(output);
                }

            {{OutputParts.Functions(model, options)}}
            }

            """).ReplaceLineEndings("\n");
    }

    private static string Facts(CvmModel model, ContractOptions options)
    {
        string hash = options.InfoHash is { } known ? $"// Info hash: {known}\n" : "";
        string rules = string.Concat(options.InputRules.Select(rule => $"\n//         {rule}"));
        return hash + Text($"""
            // Input:  {Type(ChainShape.Input(model), model.InputTypeSize)}, {Counted.Of(InputWords.Count(model), "word")}{rules}
            // Output: {Type(ChainShape.Output(model), model.OutputTypeSize)}, {Counted.Of(OutputWords.Count(model), "word")}
            """);
    }

    private static string Type(Shape shape, int typeSize) => Text($"int{8 * typeSize}{shape}");

    private static string Layout(long bytes, int typeSize) => typeSize == 1
        ? Text($"{Counted.Of(bytes, "number")} of 1 byte, 32 in a word, the first in the most significant byte; zeros fill the last word.")
        : Text($"{Counted.Of(bytes / 4, "number")} of 4 bytes, big-endian, 8 in a word, the first in the most significant bytes; zeros fill the last word.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
