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
