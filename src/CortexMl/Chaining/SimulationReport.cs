using CortexMl.Chain;

namespace CortexMl.Chaining;

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
