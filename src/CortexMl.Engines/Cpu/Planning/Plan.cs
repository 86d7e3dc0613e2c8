using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>The steps that run a graph, and where inputs and outputs lie.</summary>
/// <param name="Bytes">Working memory, without weights.</param>
/// <param name="Weights">What the steps read of the engine's; goes with the plan.</param>
internal sealed record Plan(IReadOnlyList<Step> Steps, IReadOnlyDictionary<Value, PlainBuffer> Plain, long Bytes, HeldWeights Weights);
