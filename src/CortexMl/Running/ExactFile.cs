using CortexMl.Diagnostics;
using CortexMl.Engines.OnnxInteger;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.Loading;

namespace CortexMl.Running;

/// <summary>An integer model as a file that computes the same bits wherever ONNX Runtime runs.</summary>
public static class ExactFile
{
    /// <param name="path">Where the model was loaded from; the text beside a compiled folder's files knows the names of its values.</param>
    /// <exception cref="DiagnosticException">
    /// CML0923: values share storage while both are needed; CML0924: no integer model; CML0256: operations without an exact form.
    /// </exception>
    public static ExactModel Of(string path, Model model, ModelOptions options)
    {
        if (!model.IsInteger)
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{model.Name}' is no integer model",
                hint: "compile it first; --format onnx writes the float level");
        using var choice = EngineChoice.Of(model, new RunOptions { Engine = OnnxIntegerDescription.EngineName });
        return ExactExporter.Export(ModelLoader.WithNames(path, model, options).Graph);
    }
}
