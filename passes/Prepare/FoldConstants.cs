using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  @w: f32[2, 1, 1] = [1, 2]
//  %0 = nn.reshape(@w) {shape = [1, 2, 1]}     ⇒     @0: f32[1, 2, 1] = [1, 2]
//
// Our own kernels, in double and in a fixed order, rounded to f32 once an operator: the weights must not depend on a library's summation
// order. What makes much more elements than it takes (a broadcast, a tile) stays an operation.
public sealed class FoldConstants : Pass
{
    /// <summary>A result up to this size is folded whatever its operands' size.</summary>
    private const long AlwaysSmall = 1 << 16;

    private const long GrowthAllowed = 4;

    public static readonly PassInfo Record = new("fold-constants", "Compute what depends on constants alone", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        foreach (var operation in graph.Operations.Where(Folds).ToList())
        {
            if (context.Rewriter.Exhausted) return;
            if (operation.Operands.All(o => o.IsConstant)) Fold(operation, context);
        }
    }

    private static bool Folds(Operation operation) =>
        operation.Results.Count == 1 && NaiveKernels.Has(operation.Spec) && !Grows(operation);

    private static bool Grows(Operation operation)
    {
        var result = operation.Result.Type.Shape;
        if (result.Count > Math.Max(AlwaysSmall, GrowthAllowed * operation.Operands.Sum(o => o.Type.Shape.Count))) return true;
        // Doubled and doubled again, a small constant would fill the memory before anybody asks whether the CVM can hold it.
        return result.Any(dim => dim > CvmRules.MaxDimension) && result.Count > operation.Operands.Distinct().Sum(o => o.Type.Shape.Count);
    }

    private static void Fold(Operation operation, PassContext context)
    {
        var value = NaiveKernels.Evaluate(operation, [.. operation.Operands.Select(o => o.Constant!.Tensor.ToDouble())]);
        string name = operation.Result.Name ?? Insertion.NameFor(operation, "folded");
        var constant = context.Constant(operation, name, value.Shape, value.Data);
        context.Rewriter.Replace(operation.Result, constant);
        context.Rewriter.EraseDead(operation);
    }
}
