using CortexMl.Chain;
using CortexMl.Chain.Words;
using CortexMl.Cvm.Run;
using CortexMl.Running;

namespace CortexMl.Chaining;

/// <summary>What the chain would do with an input.</summary>
/// <param name="GivenBytes">Of the words that a contract stores.</param>
/// <param name="UsedBytes">Of them, what the model takes; the rest is cut.</param>
/// <param name="Output">The contract's output array, 32 bytes a word.</param>
/// <param name="Gas">Operations of the model.</param>
/// <param name="InferGas">Of a call with an input account; expansion of memory costs extra.</param>
/// <param name="InferArrayGas">Of a call with an array; expansion of memory costs extra.</param>
public sealed record SimulationResult(long GivenBytes, long UsedBytes, byte[] Output, long Gas, long InferGas, long InferArrayGas);

/// <summary>Calls a model as INFERARRAY does: words, bytes, engine, words (CortexMl.Chain/SPECIFICATION.md §3).</summary>
public static class Simulation
{
    /// <param name="words">Whole words, as a contract stores them.</param>
    /// <param name="outputWords">Length of the contract's output array; null for what the model needs.</param>
    /// <exception cref="Diagnostics.DiagnosticException">
    /// The call fails, class logic: CML0440 no gas, CML0441 too few words, CML0442, CML0443, CML1021.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static SimulationResult Run(Model model, byte[] words, long? outputWords, RunOptions options)
    {
        options.Cancellation.ThrowIfCancellationRequested();
        var cvm = ChainModel.Cvm(model);
        long gas = cvm.Gas(), wanted = outputWords ?? OutputWords.Count(cvm);
        var input = InputConversion.FromChainBytes(cvm, words);
        using var executable = Runners.Prepare(model, options);
        byte[] output = OutputConversion.ToBytes(cvm, executable.Run([input]), bigEndian: true);
        return new(
            words.Length, cvm.InputLength, OutputWords.Write(output, wanted), gas, ChainRules.InferGas(gas), ChainRules.InferArrayGas(gas));
    }
}

/// <summary>A simulated call and what it answers; the JSON of <c>cortexml chain simulate</c>.</summary>
/// <param name="Output">The contract's output array, hexadecimal.</param>
public sealed record SimulationReport(
    long GivenBytes, long UsedBytes, long Gas, long InferGas, long InferArrayGas, string Output, int? Class, string? ClassName,
    IReadOnlyList<AnsweredOutput> Outputs)
{
    /// <summary>What was done to the data, as the command line spells it; null where call data or words were given.</summary>
    public string? Preparation { get; init; }

    public static SimulationReport Of(SimulationResult call, ChainAnswer answer) =>
        new(GivenBytes: call.GivenBytes, UsedBytes: call.UsedBytes, Gas: call.Gas, InferGas: call.InferGas,
            InferArrayGas: call.InferArrayGas, Output: Hex.Of(call.Output), Class: answer.Class,
            ClassName: answer.ClassName, Outputs: answer.Outputs);
}
