using CortexMl.Ir;

namespace CortexMl.Engines.Interpreter;

/// <summary>
/// Which values share memory: the pool slot of every value, and the elements of each slot (CortexMl.Cvm/SPECIFICATION.md §7). A value
/// lies at the start of its slot. Slots keep their content between operations and between runs, so that sharing is observable.
/// </summary>
/// <param name="Slots">A slot for every graph input, constant and result.</param>
/// <param name="Sizes">Elements of each slot; those without values may be 0.</param>
public sealed record StoragePlan(IReadOnlyDictionary<Value, int> Slots, IReadOnlyList<long> Sizes);
