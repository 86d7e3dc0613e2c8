using CortexMl.Chain.Solidity;
using CortexMl.Chain.Words;
using CortexMl.Evaluating;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Chaining;

/// <summary>One output of a model.</summary>
/// <param name="Name">Null where the model comes without model.io.json.</param>
/// <param name="Scale">real ≈ integer / scale; null where unknown.</param>
public sealed record AnsweredOutput(string? Name, IReadOnlyList<int> Shape, double? Scale, IReadOnlyList<int> Integers)
{
    /// <summary>The network's own output where a last step is left to do; null elsewhere.</summary>
    public IReadOnlyList<float>? Own { get; init; }

    /// <summary>The network's own output; null where no scale is known.</summary>
    public double? Real(int index) => Own?[index] ?? Integers[index] / Scale;

    internal static AnsweredOutput Of(ModelPort? port, Tensor<int> integers, bool isArgMax) =>
        new(port?.Name, [.. ChainShape.Of(integers.Shape)], isArgMax ? null : port?.Scale, integers.Data)
        {
            Own = port is { LastStep: not null } && !isArgMax ? LastSteps.OwnReals(port, integers) : null,
        };
}

/// <summary>What the words mean that a call returns.</summary>
/// <param name="Class">Of a classifier; null for other models.</param>
/// <param name="ClassName">Null where no names are known.</param>
/// <param name="Outputs">Class indices where post-processing is argmax.</param>
public sealed record ChainAnswer(int? Class, string? ClassName, IReadOnlyList<AnsweredOutput> Outputs)
{
    /// <param name="words">The contract's output array, or more.</param>
    /// <param name="names">Of the classes, in order; may be empty.</param>
    /// <exception cref="Diagnostics.DiagnosticException">CML1020 too few words; CML0443.</exception>
    public static ChainAnswer Of(Model model, ReadOnlySpan<byte> words, IReadOnlyList<string> names)
    {
        var cvm = ChainModel.Cvm(model);
        var tensors = OutputWords.Read(cvm, words);
        bool isArgMax = OutputWords.IsArgMax(cvm);
        int? best =
            OutputKinds.Of(cvm) switch { OutputKind.Scores => Ranking.Top1(tensors[0]), OutputKind.Class => tensors[0].Data[0], _ => null };
        return new(best, best is { } index && index >= 0 && index < names.Count ? names[index] : null,
            [.. tensors.Select((t, i) => AnsweredOutput.Of(model.Io?.Outputs[i], t, isArgMax))]);
    }
}
