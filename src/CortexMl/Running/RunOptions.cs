using CortexMl.Engines.Interpreter;

namespace CortexMl.Running;

/// <summary>How a model runs.</summary>
public sealed record RunOptions
{
    /// <summary>interpreter or auto; float models always run on ONNX Runtime.</summary>
    public string Engine { get; init; } = "auto";

    /// <summary>Samples that run at once; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>The data already are the model's integers: checked against its precision and taken as they are.</summary>
    public bool Integer { get; init; }

    /// <summary>Scale of the input of a model that comes without model.io.json.</summary>
    public double? InputScale { get; init; }

    public InterpreterProfile Profile { get; init; } = InterpreterProfile.Definition;

    public int Workers => Threads > 0 ? Threads : Environment.ProcessorCount;
}
