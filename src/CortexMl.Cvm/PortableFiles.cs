using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Cvm;

/// <summary>
/// The portable rules (CortexMl.Cvm/SPECIFICATION.md, introduction) that concern the files; those that concern numbers are an analysis of
/// the graph.
/// </summary>
internal static class PortableFiles
{
    private const int LongestPostprocess = 31;

    public static IEnumerable<Diagnostic> Check(CvmModel model)
    {
        if (!model.Facts.DataIsFirst)
            yield return Warning(CvmCodes.DataNotFirst, "data is not node 0", "the runtime finds the input's shape reliably only there");
        if (!model.Facts.HasFullTables)
            yield return Warning(CvmCodes.IncompleteTables, "node_row_ptr or arg_nodes is missing or short",
                "the reference reads them before it computes them");
        if (model.Postprocess.Length > LongestPostprocess)
            yield return Warning(CvmCodes.PostprocessLength,
                $"postprocess has {Counted.Of(model.Postprocess.Length, "character")}, allowed are {LongestPostprocess}",
                "the reference writes behind its buffer");
        if (model.Storage.IsAliased)
            yield return Warning(CvmCodes.AliasedStorage, "the storage plan overwrites values that are still needed",
                "results depend on memory that is kept between inferences; only the interpreter runs such a model");
        if (OutputConversion.LeavesOutputUnwritten(model))
            yield return Warning(CvmCodes.ArgMaxRows, "post-processing argmax over outputs of more than one row",
                "the reference writes only a part of the output");
        foreach (var convolution in model.Graph.Operations.Where(o => o.Spec == CvmConv.Conv2D && WorkBuffer(o) > int.MaxValue))
        {
            string message = $"conv2d needs a working buffer of {Counted.Of(WorkBuffer(convolution), "element")}, "
                + $"allowed are {int.MaxValue}";
            var warning = Warning(CvmCodes.WorkBuffer, message, "the reference computes its size in 32 bits and writes behind it");
            yield return warning with { Location = convolution.Location };
        }
    }

    /// <summary>Elements of the matrix into which the CPU device unfolds the data: one column per output position.</summary>
    private static long WorkBuffer(Operation convolution)
    {
        var weight = convolution.Operands[1].Type.Shape;
        var result = convolution.Result.Type.Shape;
        return convolution.Int("groups") == 1 ? weight.Count / weight[0] * result[2] * result[3] : 0;
    }

    private static Diagnostic Warning(string code, string message, string hint) => new(code, Severity.Warning, message, Hint: hint);
}
