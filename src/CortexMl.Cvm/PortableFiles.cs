using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;

namespace CortexMl.Cvm;

/// <summary>The portable rules (spec/cvm.md, introduction) that concern the files; those that concern numbers are an analysis of the graph.</summary>
internal static class PortableFiles
{
    private const int LongestPostprocess = 31;

    public static IEnumerable<Diagnostic> Check(CvmModel model)
    {
        if (!model.Facts.DataIsFirst)
            yield return Warning(CvmCodes.DataNotFirst, "data is not node 0", "the runtime finds the input's shape reliably only there");
        if (!model.Facts.HasFullTables)
            yield return Warning(CvmCodes.IncompleteTables, "node_row_ptr or arg_nodes is missing or short", "the reference reads them before it computes them");
        if (model.Postprocess.Length > LongestPostprocess)
            yield return Warning(CvmCodes.PostprocessLength, $"postprocess has {model.Postprocess.Length} characters, allowed are {LongestPostprocess}", "the reference writes behind its buffer");
        if (model.Storage.IsAliased)
            yield return Warning(CvmCodes.AliasedStorage, "the storage plan overwrites values that are still needed", "results depend on memory that is kept between inferences; only the interpreter runs such a model");
        if (OutputConversion.LeavesOutputUnwritten(model))
            yield return Warning(CvmCodes.ArgMaxRows, "post-processing argmax over outputs of more than one row", "the reference writes only a part of the output");
    }

    private static Diagnostic Warning(string code, string message, string hint) => new(code, Severity.Warning, message, Hint: hint);
}
