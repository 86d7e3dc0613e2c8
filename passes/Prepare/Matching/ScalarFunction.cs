using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes.Prepare.Folding;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>
/// Subgraphs that work element by element on one value, with numbers as their other operands: functions of one real number.
/// </summary>
internal static class ScalarFunction
{
    /// <summary>The longest spelling known, gelu with tanh, has nine operations.</summary>
    private const int MostOperations = 16;

    /// <summary>The rows of which such a function can consist.</summary>
    public static IEnumerable<OpSpec> Rows => OpTable.With(Level.Float, OpTraits.Elementwise);

    /// <summary>The values of which the result may be a function, those furthest from it first.</summary>
    public static IReadOnlyList<Value> Arguments(Operation root)
    {
        var seen = new List<Value>();
        var ahead = new Queue<Operation>([root]);
        for (int operations = 0; operations < MostOperations && ahead.TryDequeue(out var operation); operations++)
            foreach (var operand in operation.Operands)
            {
                if (operand.IsConstant || seen.Contains(operand) || operand.Type.Shape != root.Result.Type.Shape) continue;
                seen.Add(operand);
                if (operand.Producer is { } producer && producer.Spec.Is(OpTraits.Elementwise)) ahead.Enqueue(producer);
            }
        seen.Reverse();
        return seen;
    }

    /// <summary>
    /// The function at some points; null where the result is no function of the argument alone, consists of one operation, or where
    /// somebody else sees a value on the way.
    /// </summary>
    public static double[]? Sample(Operation root, Value argument, double[] points)
    {
        var known = new Dictionary<Value, double[]> { [argument] = points };
        var inside = new HashSet<Operation>();
        var result = Of(root.Result, points.Length, known, inside);
        bool isPrivate =
            inside.All(operation => operation == root || operation.Result.Uses.All(use => use.User is { } user && inside.Contains(user)));
        return inside.Count > 1 && isPrivate ? result : null;
    }

    private static double[]? Of(Value value, int points, Dictionary<Value, double[]> known, HashSet<Operation> inside)
    {
        if (known.TryGetValue(value, out double[]? values)) return values;
        if (value.IsConstant) return value.Splat() is { } number ? [.. Enumerable.Repeat((double)number, points)] : null;
        if (value.Producer is not { } operation || !operation.Spec.Is(OpTraits.Elementwise) || inside.Count > MostOperations) return null;
        inside.Add(operation);
        var operands = new List<double[]>();
        foreach (var operand in operation.Operands)
        {
            if (Of(operand, points, known, inside) is not { } computed) return null;
            operands.Add(computed);
        }
        return known[value] = NaiveKernels.AtPoints(operation, operands);
    }
}
