using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Loading;

namespace CortexMl.Chaining;

/// <summary>Models that the chain can call: compiled folders, and what <see cref="Packer"/> made of them.</summary>
public static class ChainModel
{
    /// <exception cref="DiagnosticException">CML0924 another kind of model; whatever loading finds.</exception>
    public static Model Load(string folder, ModelOptions? options = null)
    {
        var model = ModelLoader.Load(folder, (options ?? new()) with { NeedsIntegers = true });
        Cvm(model);
        return model;
    }

    /// <exception cref="DiagnosticException">CML0924.</exception>
    internal static CvmModel Cvm(Model model) => model.Cvm
        ?? throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{model.Name}' is no folder with symbol and params",
            hint: "compile it first: cortexml compile MODEL -o DIR");
}
