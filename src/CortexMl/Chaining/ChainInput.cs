using System.Globalization;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Words;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Chaining;

/// <summary>Data as a model's input on the chain.</summary>
public static class ChainInput
{
    /// <summary>The tutorial's function that stores an input.</summary>
    public const string SetInput = "SetInput(uint256[])";

    /// <summary>One sample, as the integers that the model takes.</summary>
    /// <param name="index">Which sample, from 0.</param>
    /// <exception cref="DiagnosticException">
    /// CML0805 there is no such sample; CML0922 no scale; CML0924; whatever the data's reader finds.
    /// </exception>
    public static Tensor<int> Read(Model model, ISampleSource samples, int index, RunOptions options)
    {
        ChainModel.Cvm(model);
        var inputs = IntegerInputs.For(model, options);
        if (index < 0 || index >= samples.Count)
            throw new DiagnosticException(DataCodes.Empty,
                string.Create(CultureInfo.InvariantCulture, $"there is no sample {index}; the data has samples 0 to {samples.Count - 1}"));
        return inputs.Of(samples.ReadOne(index))[0];
    }

    /// <summary>The words of an input, <c>uint256[]</c>.</summary>
    public static byte[] Words(Model model, Tensor<int> input) => InputWords.Pack(ChainModel.Cvm(model), input);

    /// <summary>The call that stores words in a contract.</summary>
    /// <exception cref="DiagnosticException">CML1010 a function that does not take one <c>uint256[]</c>.</exception>
    public static byte[] ToCallData(string function, ReadOnlySpan<byte> words) =>
        CallData.Encode(Setter(function), [ChainWords.ToValues(words)]);

    /// <summary>The words that a call stores.</summary>
    /// <param name="notes">Gets what the contract accepts and an encoder would not have written.</param>
    /// <exception cref="DiagnosticException">CML1010, CML1012, CML1013.</exception>
    public static byte[] FromCallData(string function, ReadOnlyMemory<byte> data, DiagnosticBag notes) =>
        ChainWords.FromValues((IReadOnlyList<object>)CallData.Decode(Setter(function), data, notes)[0]);

    private static FunctionSignature Setter(string function)
    {
        var signature = FunctionSignature.Parse(function);
        return signature.Inputs is [AbiArray { Length: null, Element: AbiInteger { Bits: 256, IsSigned: false } }] ? signature
            : throw new DiagnosticException(Chain.ChainCodes.AbiType, $"{signature.Canonical} does not take the words of an input",
                hint: $"a function of one uint256[]: {SetInput}");
    }
}
