using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx;

/// <summary>
/// ONNX files to float graphs. Values and constants keep their names; shapes are inferred by our own rows, and shape arithmetic is done
/// here.
/// </summary>
public static class OnnxImporter
{
    /// <param name="notes">Receives what is worth knowing but no error.</param>
    /// <exception cref="DiagnosticException">CML01xx about files, CML02xx about the model: all that was found.</exception>
    public static Graph Import(string path, ImportOptions? options = null, DiagnosticBag? notes = null)
    {
        options ??= ImportOptions.Default;
        string file = InputFile.DisplayName(path);
        var model = ModelReader.Read(path);
        FunctionInliner.Inline(model, file);
        var plan = OnnxImportPlan.Make(model, file, notes);
        var shapes = OnnxInputShapes.Resolve(plan, options);
        var budget = new MemoryBudget(options.MaxMemory);
        var tensors = new TensorReader(file, Path.GetDirectoryName(Path.GetFullPath(path))!, budget);
        var found = new DiagnosticBag();
        var graph = new OnnxGraphImport(plan, tensors, budget, Path.GetFileNameWithoutExtension(file))
            .Run(shapes, Bindings.Read(plan, options, budget), found);
        if (graph is null) throw new DiagnosticException([.. found.Items]);
        notes?.AddRange(found.Items);
        return graph;
    }
}
